-- Cases, from the CASES stream.
--
-- case_events: "what was done about it, by whom": one row an event. Additive, exactly once by token and anti-join.
-- cases: "what waits for a person": one row a case in its latest state (read the view `cases`; the states are in
-- case_states). problems is JSON text as in the contract.

CREATE TABLE cases_landing $ON_CLUSTER
(
    event_id String,
    type LowCardinality(String),
    at DateTime64(3, 'UTC'),
    actor String,
    note String,
    detail Map(LowCardinality(String), String),
    writer String,
    state String,
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = Null;

CREATE TABLE cases_check $ON_CLUSTER AS cases_landing ENGINE = Null;

CREATE TABLE case_events $ON_CLUSTER
(
    event_id String,
    type LowCardinality(String),
    at DateTime64(3, 'UTC'),
    actor String,
    note String,
    detail Map(LowCardinality(String), String),
    writer String,
    state String,
    stream_seq UInt64,
    shard UInt8,
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3),
    case_id String DEFAULT JSONExtractString(state, 'case_id'),
    revision UInt32 DEFAULT JSONExtractUInt(state, 'revision'),
    status LowCardinality(String) DEFAULT JSONExtractString(state, 'status'),
    flow LowCardinality(String) DEFAULT JSONExtractString(state, 'flow'),
    step LowCardinality(String) DEFAULT JSONExtractString(state, 'step'),
    system LowCardinality(String) DEFAULT JSONExtractString(state, 'system'),
    key String DEFAULT JSONExtractString(state, 'key'),
    fingerprint String DEFAULT JSONExtractString(state, 'fingerprint'),
    origin LowCardinality(String) DEFAULT JSONExtractString(state, 'origin'),
    INDEX by_key key TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_at at TYPE minmax GRANULARITY 1
)
ENGINE = $ENGINE(MergeTree)
ORDER BY (case_id, revision)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW case_events_view $ON_CLUSTER TO case_events AS
SELECT * FROM cases_landing;

CREATE TABLE case_states $ON_CLUSTER
(
    case_id String,
    latest AggregateFunction(argMax, Tuple(
        status LowCardinality(String), flow LowCardinality(String), key String, trace_id String, business_key String,
        step LowCardinality(String), system LowCardinality(String), channel LowCardinality(String),
        legal_entity LowCardinality(String), fingerprint String, problems String, error_class LowCardinality(String),
        error_code String, error_path String, error_message String, amount Decimal(21, 6), currency LowCardinality(String),
        deadline Nullable(DateTime64(3, 'UTC')), origin LowCardinality(String), assignee String, payload_version UInt32,
        failed_ordinal UInt32, times_failed UInt32, opened_at DateTime64(3, 'UTC'), updated_at DateTime64(3, 'UTC'),
        closed_at Nullable(DateTime64(3, 'UTC')), outcome String), UInt32),
    revision SimpleAggregateFunction(max, UInt32)
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY case_id
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW case_states_view $ON_CLUSTER TO case_states AS
SELECT
    JSONExtractString(state, 'case_id') AS case_id,
    argMaxState(
        CAST((
            JSONExtractString(state, 'status'), JSONExtractString(state, 'flow'), JSONExtractString(state, 'key'),
            JSONExtractString(state, 'trace_id'), JSONExtractString(state, 'business_key'), JSONExtractString(state, 'step'),
            JSONExtractString(state, 'system'), JSONExtractString(state, 'channel'), JSONExtractString(state, 'legal_entity'),
            JSONExtractString(state, 'fingerprint'), JSONExtractRaw(state, 'problems'),
            JSONExtractString(state, 'problems', 1, 'error_class'), JSONExtractString(state, 'problems', 1, 'error_code'),
            JSONExtractString(state, 'problems', 1, 'path'), JSONExtractString(state, 'problems', 1, 'message'),
            toDecimal128OrZero(JSONExtractString(state, 'amount'), 6), JSONExtractString(state, 'currency'),
            parseDateTime64BestEffortOrNull(JSONExtractString(state, 'deadline'), 3, 'UTC'),
            JSONExtractString(state, 'origin'), JSONExtractString(state, 'assignee'), JSONExtractUInt(state, 'payload_version'),
            JSONExtractUInt(state, 'failed_ordinal'), JSONExtractUInt(state, 'times_failed'),
            parseDateTime64BestEffortOrZero(JSONExtractString(state, 'opened_at'), 3, 'UTC'),
            parseDateTime64BestEffortOrZero(JSONExtractString(state, 'updated_at'), 3, 'UTC'),
            parseDateTime64BestEffortOrNull(JSONExtractString(state, 'closed_at'), 3, 'UTC'), JSONExtractString(state, 'outcome')),
        'Tuple(status LowCardinality(String), flow LowCardinality(String), key String, trace_id String, business_key String, step LowCardinality(String), system LowCardinality(String), channel LowCardinality(String), legal_entity LowCardinality(String), fingerprint String, problems String, error_class LowCardinality(String), error_code String, error_path String, error_message String, amount Decimal(21, 6), currency LowCardinality(String), deadline Nullable(DateTime64(3, \'UTC\')), origin LowCardinality(String), assignee String, payload_version UInt32, failed_ordinal UInt32, times_failed UInt32, opened_at DateTime64(3, \'UTC\'), updated_at DateTime64(3, \'UTC\'), closed_at Nullable(DateTime64(3, \'UTC\')), outcome String)'),
        toUInt32(JSONExtractUInt(state, 'revision'))) AS latest,
    max(toUInt32(JSONExtractUInt(state, 'revision'))) AS revision
FROM cases_landing
GROUP BY case_id;

CREATE VIEW cases $ON_CLUSTER AS
SELECT
    case_id,
    max(c.revision) AS revision,
    argMaxMerge(c.latest) AS state,
    state.status AS status,
    state.flow AS flow,
    state.key AS key,
    state.trace_id AS trace_id,
    state.business_key AS business_key,
    state.step AS step,
    state.system AS system,
    state.channel AS channel,
    state.legal_entity AS legal_entity,
    state.fingerprint AS fingerprint,
    state.problems AS problems,
    state.error_class AS error_class,
    state.error_code AS error_code,
    state.error_path AS error_path,
    state.error_message AS error_message,
    state.amount AS amount,
    state.currency AS currency,
    state.deadline AS deadline,
    state.origin AS origin,
    state.assignee AS assignee,
    state.payload_version AS payload_version,
    state.failed_ordinal AS failed_ordinal,
    state.times_failed AS times_failed,
    state.opened_at AS opened_at,
    state.updated_at AS updated_at,
    state.closed_at AS closed_at,
    state.outcome AS outcome,
    state.status NOT IN ('resolved', 'done_outside', 'discarded') AS is_open
FROM case_states AS c
GROUP BY case_id;
