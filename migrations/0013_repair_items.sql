-- What became of each case in a repair run, from the subjects repairs.item.> of the REPAIRS stream.
--
-- repair_item_events: "how did it come to that": one row an outcome. Additive, exactly once by token and anti-join.
-- repair_items: "what became of it": one row a case and run in its latest outcome (a view of repair_item_states).

CREATE TABLE repair_items_landing $ON_CLUSTER
(
    event_id String,
    run_id String,
    case_id String,
    case_revision UInt32,
    position UInt32,
    revision UInt32,
    at DateTime64(3, 'UTC'),
    key String,
    business_key String,
    amount Decimal(21, 6),
    currency LowCardinality(String),
    outcome LowCardinality(String),
    message String,
    systems Array(String),
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE repair_items_check $ON_CLUSTER AS repair_items_landing ENGINE = Null;

CREATE TABLE repair_item_events $ON_CLUSTER AS repair_items_landing
ENGINE = $ENGINE(MergeTree)
ORDER BY (run_id, case_id, revision)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW repair_item_events_view $ON_CLUSTER TO repair_item_events AS
SELECT * FROM repair_items_landing;

CREATE TABLE repair_item_states $ON_CLUSTER AS repair_items_landing
ENGINE = $ENGINE(ReplacingMergeTree)(revision)
ORDER BY (run_id, case_id)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW repair_item_states_view $ON_CLUSTER TO repair_item_states AS
SELECT * FROM repair_items_landing;

CREATE VIEW repair_items $ON_CLUSTER AS
SELECT * FROM repair_item_states FINAL;
