-- cases: "what waits for a person", one row a case as its latest revision left it, of plain typed columns. Takes the
-- place of case_states (0008), whose merging of one large tuple over every case ever made each look at the inbox slow.
--
-- case_rows: one row a revision; merges keep the greatest, and the view reads with FINAL, so that it is exact before them
-- too: landing an event twice, late or out of order changes nothing. The key begins with opened_at, which no event of a
-- case ever changes: old cases lie together, and open_ones skips the granules in which every case is closed. FINAL reads
-- the granules of other parts that overlap those it does not skip (use_skip_indexes_if_final_exact_mode, the default since
-- ClickHouse 25.6; an older server skips nothing and is as exact).
--
-- is_open: not resolved, done outside or discarded. error_* and missing_*: of the first problem; problems is JSON text as
-- in the contract. search_text: order number, case id and message in lower case.

CREATE TABLE case_rows $ON_CLUSTER
(
    case_id String,
    revision UInt32,
    status LowCardinality(String),
    flow LowCardinality(String),
    key String,
    trace_id String,
    business_key String,
    step LowCardinality(String),
    system LowCardinality(String),
    channel LowCardinality(String),
    legal_entity LowCardinality(String),
    fingerprint LowCardinality(String),
    problems String,
    error_class LowCardinality(String),
    error_code LowCardinality(String),
    error_path String,
    error_message String,
    missing_kind LowCardinality(String),
    missing_system LowCardinality(String),
    missing_code String,
    amount Decimal(21, 6),
    currency LowCardinality(String),
    deadline Nullable(DateTime64(3, 'UTC')),
    origin LowCardinality(String),
    assignee LowCardinality(String),
    payload_version UInt32,
    fixed_by LowCardinality(String),
    tags Array(String),
    mentioned Array(String),
    approval_requested_by LowCardinality(String),
    failed_ordinal UInt32,
    times_failed UInt32,
    opened_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    closed_at Nullable(DateTime64(3, 'UTC')),
    outcome String,
    is_open UInt8,
    search_text String,
    INDEX open_ones is_open TYPE minmax GRANULARITY 1,
    INDEX by_case case_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_key key TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_fingerprint fingerprint TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = $ENGINE(ReplacingMergeTree)(revision)
ORDER BY (opened_at, case_id)
SETTINGS index_granularity = 2048, non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW case_rows_view $ON_CLUSTER TO case_rows AS
WITH JSONExtract(state, 'Tuple(case_id String, revision UInt32, status String, flow String, key String, trace_id String, business_key String, step String, system String, channel String, legal_entity String, fingerprint String, problems Array(Tuple(error_class String, error_code String, path String, message String, missing_mapping Tuple(kind String, system String, code String))), amount String, currency String, deadline String, origin String, assignee String, payload_version UInt32, fixed_by String, tags Array(String), mentioned Array(String), approval Tuple(requested_by String), failed_ordinal UInt32, times_failed UInt32, opened_at String, updated_at String, closed_at String, outcome String)') AS s
SELECT
    s.case_id AS case_id,
    s.revision AS revision,
    s.status AS status,
    s.flow AS flow,
    s.key AS key,
    s.trace_id AS trace_id,
    s.business_key AS business_key,
    s.step AS step,
    s.system AS system,
    s.channel AS channel,
    s.legal_entity AS legal_entity,
    s.fingerprint AS fingerprint,
    JSONExtractRaw(state, 'problems') AS problems,
    s.problems[1].error_class AS error_class,
    s.problems[1].error_code AS error_code,
    s.problems[1].path AS error_path,
    s.problems[1].message AS error_message,
    s.problems[1].missing_mapping.kind AS missing_kind,
    s.problems[1].missing_mapping.system AS missing_system,
    s.problems[1].missing_mapping.code AS missing_code,
    toDecimal128OrZero(s.amount, 6) AS amount,
    s.currency AS currency,
    parseDateTime64BestEffortOrNull(s.deadline, 3, 'UTC') AS deadline,
    s.origin AS origin,
    s.assignee AS assignee,
    s.payload_version AS payload_version,
    s.fixed_by AS fixed_by,
    s.tags AS tags,
    s.mentioned AS mentioned,
    s.approval.requested_by AS approval_requested_by,
    s.failed_ordinal AS failed_ordinal,
    s.times_failed AS times_failed,
    parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC') AS opened_at,
    parseDateTime64BestEffortOrZero(s.updated_at, 3, 'UTC') AS updated_at,
    parseDateTime64BestEffortOrNull(s.closed_at, 3, 'UTC') AS closed_at,
    s.outcome AS outcome,
    s.status NOT IN ('resolved', 'done_outside', 'discarded') AS is_open,
    lowerUTF8(concat(s.business_key, ' ', s.case_id, ' ', s.problems[1].message)) AS search_text
FROM cases_landing;

-- What landed before this migration, and without a token: a repeat must not be taken for done.
INSERT INTO case_rows (case_id, revision, status, flow, key, trace_id, business_key, step, system, channel, legal_entity, fingerprint, problems, error_class, error_code, error_path, error_message, missing_kind, missing_system, missing_code, amount, currency, deadline, origin, assignee, payload_version, fixed_by, tags, mentioned, approval_requested_by, failed_ordinal, times_failed, opened_at, updated_at, closed_at, outcome, is_open, search_text)
WITH JSONExtract(state, 'Tuple(case_id String, revision UInt32, status String, flow String, key String, trace_id String, business_key String, step String, system String, channel String, legal_entity String, fingerprint String, problems Array(Tuple(error_class String, error_code String, path String, message String, missing_mapping Tuple(kind String, system String, code String))), amount String, currency String, deadline String, origin String, assignee String, payload_version UInt32, fixed_by String, tags Array(String), mentioned Array(String), approval Tuple(requested_by String), failed_ordinal UInt32, times_failed UInt32, opened_at String, updated_at String, closed_at String, outcome String)') AS s
SELECT
    s.case_id AS case_id,
    s.revision AS revision,
    s.status AS status,
    s.flow AS flow,
    s.key AS key,
    s.trace_id AS trace_id,
    s.business_key AS business_key,
    s.step AS step,
    s.system AS system,
    s.channel AS channel,
    s.legal_entity AS legal_entity,
    s.fingerprint AS fingerprint,
    JSONExtractRaw(state, 'problems') AS problems,
    s.problems[1].error_class AS error_class,
    s.problems[1].error_code AS error_code,
    s.problems[1].path AS error_path,
    s.problems[1].message AS error_message,
    s.problems[1].missing_mapping.kind AS missing_kind,
    s.problems[1].missing_mapping.system AS missing_system,
    s.problems[1].missing_mapping.code AS missing_code,
    toDecimal128OrZero(s.amount, 6) AS amount,
    s.currency AS currency,
    parseDateTime64BestEffortOrNull(s.deadline, 3, 'UTC') AS deadline,
    s.origin AS origin,
    s.assignee AS assignee,
    s.payload_version AS payload_version,
    s.fixed_by AS fixed_by,
    s.tags AS tags,
    s.mentioned AS mentioned,
    s.approval.requested_by AS approval_requested_by,
    s.failed_ordinal AS failed_ordinal,
    s.times_failed AS times_failed,
    parseDateTime64BestEffortOrZero(s.opened_at, 3, 'UTC') AS opened_at,
    parseDateTime64BestEffortOrZero(s.updated_at, 3, 'UTC') AS updated_at,
    parseDateTime64BestEffortOrNull(s.closed_at, 3, 'UTC') AS closed_at,
    s.outcome AS outcome,
    s.status NOT IN ('resolved', 'done_outside', 'discarded') AS is_open,
    lowerUTF8(concat(s.business_key, ' ', s.case_id, ' ', s.problems[1].message)) AS search_text
FROM case_events
SETTINGS insert_deduplicate = 0;

CREATE OR REPLACE VIEW cases $ON_CLUSTER AS
SELECT
    case_id, revision, status, flow, key, trace_id, business_key, step, system, channel, legal_entity, fingerprint, problems, error_class, error_code, error_path, error_message, missing_kind, missing_system, missing_code, amount, currency, deadline, origin, assignee, payload_version, fixed_by, tags, mentioned, approval_requested_by, failed_ordinal, times_failed, opened_at, updated_at, closed_at, outcome, is_open, search_text
FROM case_rows FINAL;

DROP VIEW IF EXISTS case_states_view $ON_CLUSTER;

DROP TABLE IF EXISTS case_states $ON_CLUSTER;
