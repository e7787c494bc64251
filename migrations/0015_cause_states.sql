-- cause_states: "what is this cause, since when is it known, when was a case of it last cured": one row a cause and block
-- (group by fingerprint), of all events any case ever had while it was of that cause. Without reading the cases, whose
-- number grows with the years.
--
-- Every state is idempotent (min, max, argMax by opened_at, case_id and revision): landing an event twice or out of order
-- changes nothing. step to missing_code: of the first problem of the cause's latest case. last_cured_at: when a case of it
-- was last resolved or done outside, whatever became of that case since.

CREATE TABLE cause_states $ON_CLUSTER
(
    fingerprint String,
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_cured_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))),
    latest AggregateFunction(argMax,
        Tuple(step String, system String, error_class String, error_code String, error_path String, error_message String, missing_kind String, missing_system String, missing_code String),
        Tuple(opened_at DateTime64(3, 'UTC'), case_id String, revision UInt32))
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY fingerprint
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW cause_states_view $ON_CLUSTER TO cause_states AS
WITH JSONExtract(state, 'Tuple(case_id String, revision UInt32, status String, step String, system String, fingerprint String, problems Array(Tuple(error_class String, error_code String, path String, message String, missing_mapping Tuple(kind String, system String, code String))), opened_at String, closed_at String)') AS s
SELECT
    s.fingerprint AS fingerprint,
    min(parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC')) AS first_at,
    maxIf(parseDateTime64BestEffortOrNull(s.closed_at, 3, 'UTC'), s.status IN ('resolved', 'done_outside')) AS last_cured_at,
    argMaxState(
        CAST((s.step, s.system, s.problems[1].error_class, s.problems[1].error_code, s.problems[1].path, s.problems[1].message, s.problems[1].missing_mapping.kind, s.problems[1].missing_mapping.system, s.problems[1].missing_mapping.code),
        'Tuple(step String, system String, error_class String, error_code String, error_path String, error_message String, missing_kind String, missing_system String, missing_code String)'),
        CAST((parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC'), s.case_id, s.revision), 'Tuple(opened_at DateTime64(3, \'UTC\'), case_id String, revision UInt32)')) AS latest
FROM cases_landing
GROUP BY fingerprint;

-- What landed before this migration, and without a token: a repeat must not be taken for done.
INSERT INTO cause_states (fingerprint, first_at, last_cured_at, latest)
WITH JSONExtract(state, 'Tuple(case_id String, revision UInt32, status String, step String, system String, fingerprint String, problems Array(Tuple(error_class String, error_code String, path String, message String, missing_mapping Tuple(kind String, system String, code String))), opened_at String, closed_at String)') AS s
SELECT
    s.fingerprint AS fingerprint,
    min(parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC')) AS first_at,
    maxIf(parseDateTime64BestEffortOrNull(s.closed_at, 3, 'UTC'), s.status IN ('resolved', 'done_outside')) AS last_cured_at,
    argMaxState(
        CAST((s.step, s.system, s.problems[1].error_class, s.problems[1].error_code, s.problems[1].path, s.problems[1].message, s.problems[1].missing_mapping.kind, s.problems[1].missing_mapping.system, s.problems[1].missing_mapping.code),
        'Tuple(step String, system String, error_class String, error_code String, error_path String, error_message String, missing_kind String, missing_system String, missing_code String)'),
        CAST((parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC'), s.case_id, s.revision), 'Tuple(opened_at DateTime64(3, \'UTC\'), case_id String, revision UInt32)')) AS latest
FROM case_events
GROUP BY fingerprint
SETTINGS insert_deduplicate = 0;
