-- audit: "who did or saw what", from the AUDIT stream: one row an act, exactly once by token and anti-join, like steps.
-- What the stream holds of the person's own data (address, e-mail) has no column here and so never arrives.

ALTER TABLE audit $ON_CLUSTER
    ADD COLUMN IF NOT EXISTS stream_seq UInt64,
    ADD COLUMN IF NOT EXISTS shard UInt8,
    ADD COLUMN IF NOT EXISTS landed_at DateTime64(3, 'UTC') DEFAULT now64(3);

CREATE TABLE audit_landing $ON_CLUSTER
(
    event_id String,
    at DateTime64(3, 'UTC'),
    actor String,
    action LowCardinality(String),
    object_kind LowCardinality(String),
    object_id String,
    reason String,
    outcome LowCardinality(String),
    detail Map(LowCardinality(String), String),
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE audit_check $ON_CLUSTER AS audit_landing ENGINE = Null;

CREATE MATERIALIZED VIEW audit_view $ON_CLUSTER TO audit AS
SELECT * FROM audit_landing;
