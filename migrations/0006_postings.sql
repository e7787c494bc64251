-- postings: "what was posted to which system of record, what failed, what waits": one row a posting key (read the view
-- `postings`; the states are in posting_states). Failed postings % = countIf(attempt_failed) / count() over the
-- postings whose last_at lies in the window. `document`: sales_order, payment or invoice.
-- state: posted, retrying (last attempt failed, another comes), failed (needs a person), pending (in flight),
-- skipped, compensated. attempt_failed: the latest attempt failed, i.e. retrying or failed.
-- Idempotent like transactions.

CREATE TABLE posting_states $ON_CLUSTER
(
    posting_key String,
    occurred_at DateTime64(3, 'UTC'),
    flow SimpleAggregateFunction(max, LowCardinality(String)),
    key SimpleAggregateFunction(max, String),
    document SimpleAggregateFunction(max, LowCardinality(String)),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    posted_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))),
    attempts SimpleAggregateFunction(max, UInt16),
    document_number SimpleAggregateFunction(max, String),
    latest AggregateFunction(argMax, Tuple(
        status LowCardinality(String), at DateTime64(3, 'UTC'), business_key String, step LowCardinality(String),
        system LowCardinality(String), legal_entity LowCardinality(String), channel LowCardinality(String),
        amount Decimal(21, 6), currency LowCardinality(String), origin LowCardinality(String), case_id String,
        error_class LowCardinality(String), error_code String, error_path String, error_message String, retry_at String), UInt32),
    INDEX by_posting_key posting_key TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_key key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (occurred_at, posting_key)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW posting_states_view $ON_CLUSTER TO posting_states AS
SELECT
    if(attributes['posting_key'] != '', attributes['posting_key'], concat(s.key, ':', s.step)) AS posting_key,
    s.occurred_at AS occurred_at,
    max(s.flow) AS flow,
    max(s.key) AS key,
    max(if(attributes['document'] != '', attributes['document'],
        transform(s.step, ['erp_create_sales_order', 'capture_payment', 'erp_post_invoice'], ['sales_order', 'payment', 'invoice'], ''))) AS document,
    min(s.started_at) AS first_at,
    max(if(s.status IN ('completed', 'degraded'), s.ended_at, NULL)) AS posted_at,
    max(s.attempt) AS attempts,
    max(attributes['document_number']) AS document_number,
    argMaxState(
        CAST((s.status, s.at, s.business_key, s.step, s.system, s.legal_entity, s.channel, s.amount, s.currency, s.origin,
            s.case_id, s.error_class, s.error_code, s.error_path, s.error_message, attributes['retry_at']),
        'Tuple(status LowCardinality(String), at DateTime64(3, \'UTC\'), business_key String, step LowCardinality(String), system LowCardinality(String), legal_entity LowCardinality(String), channel LowCardinality(String), amount Decimal(21, 6), currency LowCardinality(String), origin LowCardinality(String), case_id String, error_class LowCardinality(String), error_code String, error_path String, error_message String, retry_at String)'),
        s.ordinal) AS latest
FROM steps_landing AS s
WHERE s.step IN ('erp_create_sales_order', 'capture_payment', 'erp_post_invoice') OR attributes['document'] != ''
GROUP BY posting_key, occurred_at;

CREATE VIEW postings $ON_CLUSTER AS
SELECT
    posting_key,
    min(p.occurred_at) AS occurred_at,
    max(p.flow) AS flow,
    max(p.key) AS key,
    max(p.document) AS document,
    min(p.first_at) AS first_at,
    max(p.posted_at) AS posted_at,
    max(p.attempts) AS attempts,
    max(p.document_number) AS document_number,
    argMaxMerge(p.latest) AS last_event,
    last_event.status AS status,
    last_event.at AS last_at,
    last_event.business_key AS business_key,
    last_event.step AS step,
    last_event.system AS system,
    last_event.legal_entity AS legal_entity,
    last_event.channel AS channel,
    last_event.amount AS amount,
    last_event.currency AS currency,
    last_event.origin AS origin,
    last_event.case_id AS case_id,
    last_event.error_class AS error_class,
    last_event.error_code AS error_code,
    last_event.error_path AS error_path,
    last_event.error_message AS error_message,
    parseDateTime64BestEffortOrNull(last_event.retry_at, 3, 'UTC') AS retry_at,
    multiIf(
        last_event.status IN ('completed', 'degraded'), 'posted',
        last_event.status = 'retrying', 'retrying',
        last_event.status IN ('failed', 'quarantined'), 'failed',
        last_event.status = 'compensated', 'compensated',
        last_event.status IN ('skipped', 'superseded'), 'skipped',
        'pending') AS state,
    last_event.status IN ('retrying', 'failed', 'quarantined') AS attempt_failed
FROM posting_states AS p
GROUP BY posting_key;
