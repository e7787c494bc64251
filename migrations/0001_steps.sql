-- Where step events land, and the raw table.
--
-- steps_landing (engine Null): every insert of ingest goes here; steps and the rollups are its materialized views.
-- steps: "what happened, event by event": traces by key, business key, trace or case, time-range facets, recomputation
-- of any rollup. One month of `at` is one partition, and ingest inserts one month at a time.
--
-- steps_check (engine Null): takes a row and forgets it, to find the one row of a block ClickHouse cannot read.
--
-- `at` is the event's own time: its end, or its start while it runs. `stream_seq` is the sequence in the STEPS stream.
-- `shard` is the ingest writer that landed it.

CREATE TABLE steps_landing $ON_CLUSTER
(
    event_id String,
    ordinal UInt32,
    writer String,
    trace_id String,
    span_id String,
    parent_span_id String,
    flow LowCardinality(String),
    key String,
    step LowCardinality(String),
    business_key String,
    status LowCardinality(String),
    attempt UInt16,
    started_at DateTime64(3, 'UTC'),
    ended_at Nullable(DateTime64(3, 'UTC')),
    occurred_at DateTime64(3, 'UTC'),
    deadline Nullable(DateTime64(3, 'UTC')),
    system LowCardinality(String),
    direction LowCardinality(String),
    channel LowCardinality(String),
    region LowCardinality(String),
    legal_entity LowCardinality(String),
    brand LowCardinality(String),
    location LowCardinality(String),
    sku String,
    amount Decimal(21, 6),
    currency LowCardinality(String),
    error_class LowCardinality(String),
    error_code String,
    error_path String,
    error_message String,
    case_id String,
    payload_version UInt32,
    origin LowCardinality(String),
    attributes Map(LowCardinality(String), String),
    stream_seq UInt64,
    shard UInt8,
    at DateTime64(3, 'UTC') DEFAULT coalesce(ended_at, started_at),
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE steps_check $ON_CLUSTER AS steps_landing ENGINE = Null;

CREATE TABLE steps $ON_CLUSTER
(
    event_id String,
    ordinal UInt32,
    writer String,
    trace_id String,
    span_id String,
    parent_span_id String,
    flow LowCardinality(String),
    key String,
    step LowCardinality(String),
    business_key String,
    status LowCardinality(String),
    attempt UInt16,
    started_at DateTime64(3, 'UTC'),
    ended_at Nullable(DateTime64(3, 'UTC')),
    occurred_at DateTime64(3, 'UTC'),
    deadline Nullable(DateTime64(3, 'UTC')),
    system LowCardinality(String),
    direction LowCardinality(String),
    channel LowCardinality(String),
    region LowCardinality(String),
    legal_entity LowCardinality(String),
    brand LowCardinality(String),
    location LowCardinality(String),
    sku String,
    amount Decimal(21, 6),
    currency LowCardinality(String),
    error_class LowCardinality(String),
    error_code String,
    error_path String,
    error_message String,
    case_id String,
    payload_version UInt32,
    origin LowCardinality(String),
    attributes Map(LowCardinality(String), String),
    stream_seq UInt64,
    shard UInt8,
    at DateTime64(3, 'UTC') DEFAULT coalesce(ended_at, started_at),
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3),
    INDEX by_key key TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_business_key business_key TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_case case_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_stream_seq stream_seq TYPE minmax GRANULARITY 1
)
ENGINE = $ENGINE(MergeTree)
PARTITION BY toYYYYMM(at)
ORDER BY (flow, at, key)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW steps_view $ON_CLUSTER TO steps AS
SELECT * FROM steps_landing;
