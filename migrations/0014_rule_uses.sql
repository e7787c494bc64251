-- rule_uses: "how often, when and on what did a repair rule apply": one row a use, from the step repair_rule_applied.
-- A use that lands twice is one row after the merge: count with FINAL, or over distinct event_id. Idempotent.

CREATE TABLE rule_uses $ON_CLUSTER
(
    event_id String,
    repair_rule String,
    rule_version UInt32,
    at DateTime64(3, 'UTC'),
    key String,
    business_key String,
    flow LowCardinality(String),
    channel LowCardinality(String),
    legal_entity LowCardinality(String)
)
ENGINE = $ENGINE(ReplacingMergeTree)
ORDER BY (repair_rule, at, event_id)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW rule_uses_view $ON_CLUSTER TO rule_uses AS
SELECT
    event_id, attributes['repair_rule'] AS repair_rule, toUInt32OrZero(attributes['rule_version']) AS rule_version, at, key,
    business_key, flow, channel, legal_entity
FROM steps_landing
WHERE step = 'repair_rule_applied' AND status = 'completed';
