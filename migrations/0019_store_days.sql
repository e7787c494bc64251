-- store_days: "what was taken, and where does it stand": one row a day of a store. A store tells of itself every few
-- minutes, so that a page of its days is not read from the steps. Read the view; the states are in store_day_states. Landing
-- an event twice changes nothing: batches are told apart by their ordinal, everything else is the latest or the greatest.
-- batches: ordinal * 2^32 + receipts of each, as numbers are told apart much faster than tuples; sequence: the greatest number
-- of any. heard_at: of the last batch, a repeated one too; taken_at: of the last that was new, to which backlog belongs.

CREATE TABLE store_day_states $ON_CLUSTER
(
    location LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    key String,
    legal_entity SimpleAggregateFunction(max, LowCardinality(String)),
    currency SimpleAggregateFunction(max, LowCardinality(String)),
    business_date SimpleAggregateFunction(max, String),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    heard_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    taken_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    sequence SimpleAggregateFunction(max, UInt32),
    batches AggregateFunction(groupUniqArrayIf, UInt64, UInt8),
    repeats AggregateFunction(groupUniqArrayIf, UInt32, UInt8),
    backlog AggregateFunction(argMax, UInt32, DateTime64(3, 'UTC')),
    latest AggregateFunction(argMax, Tuple(step LowCardinality(String), status LowCardinality(String), case_id String), UInt32),
    takings SimpleAggregateFunction(max, String),
    tax SimpleAggregateFunction(max, String),
    document SimpleAggregateFunction(max, String),
    skipped SimpleAggregateFunction(max, String)
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (occurred_at, location, key)
SETTINGS non_replicated_deduplication_window = 2000, index_granularity = 512;

CREATE MATERIALIZED VIEW store_day_states_view $ON_CLUSTER TO store_day_states AS
SELECT
    location, occurred_at, key,
    max(s.legal_entity) AS legal_entity,
    max(s.currency) AS currency,
    max(attributes['business_date']) AS business_date,
    max(s.at) AS last_at,
    max(if(s.step IN ('batch_received', 'batch_repeated'), s.at, toDateTime64(0, 3, 'UTC'))) AS heard_at,
    max(if(s.step = 'batch_received' AND s.status = 'completed', s.at, toDateTime64(0, 3, 'UTC'))) AS taken_at,
    max(if(s.step = 'batch_received' AND s.status = 'completed', toUInt32OrZero(attributes['sequence']), toUInt32(0))) AS sequence,
    groupUniqArrayIfState(bitShiftLeft(toUInt64(s.ordinal), 32) + toUInt32OrZero(attributes['transactions']),
        s.step = 'batch_received' AND s.status = 'completed') AS batches,
    groupUniqArrayIfState(s.ordinal, s.step = 'batch_repeated') AS repeats,
    argMaxState(toUInt32OrZero(attributes['backlog']),
        if(s.step = 'batch_received' AND s.status = 'completed', s.at, toDateTime64(0, 3, 'UTC'))) AS backlog,
    argMaxState(CAST((s.step, s.status, s.case_id), 'Tuple(step LowCardinality(String), status LowCardinality(String), case_id String)'),
        if(s.step = 'batch_repeated', toUInt32(0), s.ordinal)) AS latest,
    max(if(s.step = 'reconcile_takings' AND s.status = 'completed', attributes['takings'], '')) AS takings,
    max(if(s.step = 'reconcile_takings' AND s.status = 'completed', attributes['tax'], '')) AS tax,
    max(if(s.step = 'erp_post_journal', attributes['document_number'], '')) AS document,
    max(if(s.step = 'erp_post_journal' AND s.status = 'skipped', attributes['reason'], '')) AS skipped
FROM steps_landing AS s
WHERE s.flow = 'store_settlement' AND s.location != ''
GROUP BY location, occurred_at, key;

CREATE VIEW store_days $ON_CLUSTER AS
SELECT
    location, occurred_at, key,
    max(d.legal_entity) AS legal_entity,
    max(d.currency) AS currency,
    max(d.business_date) AS business_date,
    max(d.last_at) AS last_at,
    max(d.heard_at) AS heard_at,
    max(d.taken_at) AS taken_at,
    max(d.sequence) AS sequence,
    groupUniqArrayIfMerge(d.batches) AS batches,
    groupUniqArrayIfMerge(d.repeats) AS repeats,
    argMaxMerge(d.backlog) AS backlog,
    argMaxMerge(d.latest) AS latest,
    max(d.takings) AS takings,
    max(d.tax) AS tax,
    max(d.document) AS document,
    max(d.skipped) AS skipped
FROM store_day_states AS d
GROUP BY location, occurred_at, key;

-- Days that pages still look back to.
INSERT INTO store_day_states (location, occurred_at, key, legal_entity, currency, business_date, last_at, heard_at, taken_at, sequence, batches, repeats, backlog, latest, takings, tax, document, skipped)
SELECT
    location, occurred_at, key,
    max(s.legal_entity) AS legal_entity,
    max(s.currency) AS currency,
    max(attributes['business_date']) AS business_date,
    max(s.at) AS last_at,
    max(if(s.step IN ('batch_received', 'batch_repeated'), s.at, toDateTime64(0, 3, 'UTC'))) AS heard_at,
    max(if(s.step = 'batch_received' AND s.status = 'completed', s.at, toDateTime64(0, 3, 'UTC'))) AS taken_at,
    max(if(s.step = 'batch_received' AND s.status = 'completed', toUInt32OrZero(attributes['sequence']), toUInt32(0))) AS sequence,
    groupUniqArrayIfState(bitShiftLeft(toUInt64(s.ordinal), 32) + toUInt32OrZero(attributes['transactions']),
        s.step = 'batch_received' AND s.status = 'completed') AS batches,
    groupUniqArrayIfState(s.ordinal, s.step = 'batch_repeated') AS repeats,
    argMaxState(toUInt32OrZero(attributes['backlog']),
        if(s.step = 'batch_received' AND s.status = 'completed', s.at, toDateTime64(0, 3, 'UTC'))) AS backlog,
    argMaxState(CAST((s.step, s.status, s.case_id), 'Tuple(step LowCardinality(String), status LowCardinality(String), case_id String)'),
        if(s.step = 'batch_repeated', toUInt32(0), s.ordinal)) AS latest,
    max(if(s.step = 'reconcile_takings' AND s.status = 'completed', attributes['takings'], '')) AS takings,
    max(if(s.step = 'reconcile_takings' AND s.status = 'completed', attributes['tax'], '')) AS tax,
    max(if(s.step = 'erp_post_journal', attributes['document_number'], '')) AS document,
    max(if(s.step = 'erp_post_journal' AND s.status = 'skipped', attributes['reason'], '')) AS skipped
FROM steps AS s
WHERE s.flow = 'store_settlement' AND s.location != '' AND s.at >= now() - INTERVAL 45 DAY
GROUP BY location, occurred_at, key;
