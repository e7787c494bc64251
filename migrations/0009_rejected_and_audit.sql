-- rejected_steps: "what came and could not be counted, and why": the text as it arrived, of STEPS and CASES alike.
-- audit: "who did or saw what": one row an act.

CREATE TABLE rejected_steps $ON_CLUSTER
(
    stream LowCardinality(String),
    stream_seq UInt64,
    subject String,
    arrived_at DateTime64(3, 'UTC'),
    reason String,
    path String,
    raw String,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = $ENGINE(MergeTree)
ORDER BY (arrived_at, stream, stream_seq)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE TABLE audit $ON_CLUSTER
(
    event_id String,
    at DateTime64(3, 'UTC'),
    actor String,
    action LowCardinality(String),
    object_kind LowCardinality(String),
    object_id String,
    reason String,
    outcome LowCardinality(String),
    detail Map(LowCardinality(String), String)
)
ENGINE = $ENGINE(MergeTree)
PARTITION BY toYYYYMM(at)
ORDER BY (at, event_id)
SETTINGS non_replicated_deduplication_window = 2000;
