-- Reconciliation, from the subjects reconciliation.run.> and reconciliation.break.> of the RECONCILIATION stream.
--
-- reconciliation_run_events, reconciliation_break_events: "how did it come to that": one row an event. Additive, exactly
-- once by token and anti-join.
-- reconciliation_runs, reconciliation_breaks: "how does it stand": one row a run or break in its latest revision (views of
-- *_states with FINAL, exact before merges too: landing an event twice or out of order changes nothing). Their keys begin
-- with a moment that no event of a run or break ever changes, so that old ones lie together.
--
-- Quantities and amounts are texts of decimals in `sides` and `groups`, as in the contract; difference is of both.

CREATE TABLE reconciliation_runs_landing $ON_CLUSTER
(
    event_id String,
    run_id String,
    revision UInt32,
    plan LowCardinality(String),
    name String,
    kind LowCardinality(String),
    status LowCardinality(String),
    requested_by LowCardinality(String),
    requested_at DateTime64(3, 'UTC'),
    due_at DateTime64(3, 'UTC'),
    `from` DateTime64(3, 'UTC'),
    `to` DateTime64(3, 'UTC'),
    started_at Nullable(DateTime64(3, 'UTC')),
    finished_at Nullable(DateTime64(3, 'UTC')),
    key String,
    compared UInt64,
    agreeing UInt64,
    undecided UInt64,
    opened UInt64,
    seen_again UInt64,
    healed UInt64,
    `groups` Array(Tuple(subject String, system String, location String, channel String, method String, legal_entity String, currency String, compared UInt64, agreeing UInt64, undecided UInt64, ours String, theirs String)),
    message String,
    updated_at DateTime64(3, 'UTC'),
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE reconciliation_runs_check $ON_CLUSTER AS reconciliation_runs_landing ENGINE = Null;

CREATE TABLE reconciliation_run_events $ON_CLUSTER AS reconciliation_runs_landing
ENGINE = $ENGINE(MergeTree)
ORDER BY (requested_at, run_id, revision)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW reconciliation_run_events_view $ON_CLUSTER TO reconciliation_run_events AS
SELECT * FROM reconciliation_runs_landing;

CREATE TABLE reconciliation_run_states $ON_CLUSTER AS reconciliation_runs_landing
ENGINE = $ENGINE(ReplacingMergeTree)(revision)
ORDER BY (requested_at, run_id)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW reconciliation_run_states_view $ON_CLUSTER TO reconciliation_run_states AS
SELECT * FROM reconciliation_runs_landing;

CREATE VIEW reconciliation_runs $ON_CLUSTER AS
SELECT * FROM reconciliation_run_states FINAL;

CREATE TABLE reconciliation_breaks_landing $ON_CLUSTER
(
    event_id String,
    break_id String,
    revision UInt32,
    type LowCardinality(String),
    at DateTime64(3, 'UTC'),
    actor LowCardinality(String),
    note String,
    status LowCardinality(String),
    domain LowCardinality(String),
    kind LowCardinality(String),
    plan LowCardinality(String),
    system LowCardinality(String),
    sku String,
    location LowCardinality(String),
    channel LowCardinality(String),
    legal_entity LowCardinality(String),
    method LowCardinality(String),
    reference String,
    business_key String,
    key String,
    difference Decimal(21, 6),
    currency LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    sides Array(Tuple(side String, system String, figure String, read_at String, references Array(String))),
    first_run String,
    last_run String,
    first_seen_at DateTime64(3, 'UTC'),
    last_seen_at DateTime64(3, 'UTC'),
    times_seen UInt32,
    assignee LowCardinality(String),
    document_number String,
    reason String,
    closed_at Nullable(DateTime64(3, 'UTC')),
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE reconciliation_breaks_check $ON_CLUSTER AS reconciliation_breaks_landing ENGINE = Null;

CREATE TABLE reconciliation_break_events $ON_CLUSTER AS reconciliation_breaks_landing
ENGINE = $ENGINE(MergeTree)
ORDER BY (break_id, revision)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW reconciliation_break_events_view $ON_CLUSTER TO reconciliation_break_events AS
SELECT * FROM reconciliation_breaks_landing;

CREATE TABLE reconciliation_break_states $ON_CLUSTER AS reconciliation_breaks_landing
ENGINE = $ENGINE(ReplacingMergeTree)(revision)
ORDER BY (first_seen_at, break_id)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW reconciliation_break_states_view $ON_CLUSTER TO reconciliation_break_states AS
SELECT * FROM reconciliation_breaks_landing;

CREATE VIEW reconciliation_breaks $ON_CLUSTER AS
SELECT * FROM reconciliation_break_states FINAL;
