-- passed_over: calls that were due at a system which was only observed, one row each, and what would have become of them: a
-- system goes live once its people have read here that it may. Landing an event twice leaves one row.
-- outcome: would_send, would_stop (code, message and path of what would have stopped the transaction) or unknown.

CREATE TABLE passed_over $ON_CLUSTER
(
    system LowCardinality(String),
    at DateTime64(3, 'UTC'),
    key String,
    ordinal UInt32,
    flow LowCardinality(String),
    step LowCardinality(String),
    business_key String,
    channel LowCardinality(String),
    legal_entity LowCardinality(String),
    origin LowCardinality(String),
    outcome LowCardinality(String),
    stop_code String,
    stop_message String,
    stop_path String
)
ENGINE = $ENGINE(ReplacingMergeTree)
ORDER BY (system, at, key, ordinal)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW passed_over_view $ON_CLUSTER TO passed_over AS
SELECT
    system, at, key, ordinal, flow, step, business_key, channel, legal_entity, origin,
    attributes['passed_over'] AS outcome,
    attributes['stop_code'] AS stop_code,
    attributes['stop_message'] AS stop_message,
    attributes['stop_path'] AS stop_path
FROM steps_landing
WHERE status = 'skipped' AND attributes['passed_over'] != '';
