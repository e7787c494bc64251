-- passed_over.stop_class: class of what would have stopped the transaction (mapping, rejected, internal), empty where nothing
-- would have, or where it was passed over before classes were kept: a mapping that was missing is told from any other reason.

ALTER TABLE passed_over $ON_CLUSTER
    ADD COLUMN IF NOT EXISTS stop_class LowCardinality(String);

ALTER TABLE passed_over_view $ON_CLUSTER MODIFY QUERY
SELECT
    system, at, key, ordinal, flow, step, business_key, channel, legal_entity, origin,
    attributes['passed_over'] AS outcome,
    attributes['stop_code'] AS stop_code,
    attributes['stop_message'] AS stop_message,
    attributes['stop_path'] AS stop_path,
    attributes['stop_class'] AS stop_class
FROM steps_landing
WHERE status = 'skipped' AND attributes['passed_over'] != '';
