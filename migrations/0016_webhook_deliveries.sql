-- Attempts to tell endpoints of business events, from the stream DELIVERIES.
--
-- webhook_deliveries: "what was this endpoint told, and what did it answer": one row an attempt, newest first by webhook.

CREATE TABLE webhook_deliveries_landing $ON_CLUSTER
(
    delivery_id String,
    webhook_id LowCardinality(String),
    at DateTime64(3, 'UTC'),
    cloud_event_id String,
    event_seq UInt64,
    event LowCardinality(String),
    subject String,
    attempt UInt16,
    outcome LowCardinality(String),
    status UInt16,
    error_code LowCardinality(String),
    duration_ms UInt32,
    next_at Nullable(DateTime64(3, 'UTC')),
    replayed Bool,
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE webhook_deliveries_check $ON_CLUSTER AS webhook_deliveries_landing ENGINE = Null;

CREATE TABLE webhook_deliveries $ON_CLUSTER AS webhook_deliveries_landing
ENGINE = $ENGINE(MergeTree)
PARTITION BY toYYYYMM(at)
ORDER BY (webhook_id, at, delivery_id)
TTL toDateTime(at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW webhook_deliveries_view $ON_CLUSTER TO webhook_deliveries AS
SELECT * FROM webhook_deliveries_landing;
