-- Transactions and postings by time, without reading all there ever were; and how transactions stand, without reading all that
-- is known of their latest event.
--
-- standing: step, status, system and times of the latest event, of which most questions need no more; `latest` is many times as
-- wide. closed: 1 once an order is settled, cancelled or left alone by policy, which it then stays; the index skips the
-- stretches in which every order is.
--
-- order_key, order_number: the order that a return is of.
--
-- transactions_within(since, until): the transactions, of events that happened in [since, until) alone. All events of an order
-- happened when it was placed; of other flows, name a time that is longer by what one of them may take. transactions: all
-- of them; for one by its key.
--
-- posting_attempts: "what was tried within a time": one row an event of a posting, in order of time, so that what was posted
-- within a window is found without what was posted before it. An event that lands twice leaves two like rows until they are
-- merged: questions are grouped by posting. For one posting, read `postings`.

ALTER TABLE transaction_states $ON_CLUSTER
    ADD COLUMN IF NOT EXISTS closed SimpleAggregateFunction(max, UInt8),
    ADD COLUMN IF NOT EXISTS standing AggregateFunction(argMax, Tuple(step String, status String, system String, has_case UInt8, at DateTime64(3, 'UTC'), deadline Nullable(DateTime64(3, 'UTC'))), UInt32),
    ADD COLUMN IF NOT EXISTS order_key SimpleAggregateFunction(max, String),
    ADD COLUMN IF NOT EXISTS order_number SimpleAggregateFunction(max, String),
    ADD INDEX IF NOT EXISTS unfinished closed TYPE minmax GRANULARITY 1;

ALTER TABLE transaction_states_view $ON_CLUSTER MODIFY QUERY
SELECT
    flow, key, occurred_at,
    max(s.trace_id) AS trace_id,
    max(s.origin) AS origin,
    max(s.channel) AS channel,
    max(s.region) AS region,
    max(s.legal_entity) AS legal_entity,
    max(s.brand) AS brand,
    max(attributes['tier']) AS tier,
    max(s.sku) AS sku,
    min(s.started_at) AS first_at,
    max(s.at) AS last_at,
    max(s.ordinal) AS events,
    max(s.attempt) AS max_attempt,
    max(s.case_id != '' OR s.status = 'quarantined') AS had_case,
    max(s.status = 'failed') AS had_failure,
    max(s.status = 'degraded') AS had_degraded,
    argMinState(
        CAST((s.amount, s.currency), 'Tuple(amount Decimal(21, 6), currency LowCardinality(String))'),
        if(s.currency = '', toUInt32(4294967295), s.ordinal)) AS money,
    argMaxState(
        CAST((s.business_key, s.step, s.status, s.system, s.attempt, s.at, s.deadline, s.location, s.case_id, s.error_class,
            s.error_code, s.error_path, s.error_message, s.payload_version, attributes['retry_at']),
        'Tuple(business_key String, step LowCardinality(String), status LowCardinality(String), system LowCardinality(String), attempt UInt16, at DateTime64(3, \'UTC\'), deadline Nullable(DateTime64(3, \'UTC\')), location LowCardinality(String), case_id String, error_class LowCardinality(String), error_code String, error_path String, error_message String, payload_version UInt32, retry_at String)'),
        s.ordinal) AS latest,
    min(if(s.status = 'completed' AND s.step = 'intake_received', s.ended_at, NULL)) AS accepted_at,
    min(if(s.status = 'completed' AND s.step = 'validate', s.ended_at, NULL)) AS validated_at,
    min(if(s.status = 'completed' AND s.step = 'reserve_stock', s.ended_at, NULL)) AS allocated_at,
    min(if(s.status = 'completed' AND s.step = 'acknowledge_channel', s.ended_at, NULL)) AS acknowledged_at,
    min(if(s.status = 'completed' AND s.step = 'erp_create_sales_order', s.ended_at, NULL)) AS erp_confirmed_at,
    min(if(s.status = 'completed' AND s.step = 'wms_release', s.ended_at, NULL)) AS released_at,
    min(if(s.status = 'completed' AND s.step = 'shipment_confirmed', s.ended_at, NULL)) AS first_shipped_at,
    min(if(s.status = 'completed' AND s.step = 'shipment_confirmed' AND attributes['remaining_units'] = '0', s.ended_at, NULL)) AS shipped_at,
    max(if(s.status = 'completed' AND s.step = 'capture_payment', s.ended_at, NULL)) AS captured_at,
    min(if(s.status = 'completed' AND s.step = 'delivered', s.ended_at, NULL)) AS delivered_at,
    min(if(s.status = 'completed' AND s.step = 'erp_post_invoice', s.ended_at, NULL)) AS invoiced_at,
    min(if(s.status = 'completed' AND s.step = 'settle', s.ended_at, NULL)) AS settled_at,
    min(if(s.status = 'completed' AND s.step = 'cancelled', s.ended_at, NULL)) AS cancelled_at,
    min(if(s.status = 'completed' AND s.step = 'returned' AND s.flow = 'order_to_cash', s.ended_at, NULL)) AS returned_at,
    max(s.flow = 'order_to_cash' AND (s.status = 'completed' AND s.step IN ('settle', 'cancelled') OR s.status = 'skipped' AND s.step = 'validate')) AS closed,
    argMaxState(
        CAST((s.step, s.status, s.system, s.case_id != '', s.at, s.deadline),
        'Tuple(step String, status String, system String, has_case UInt8, at DateTime64(3, \'UTC\'), deadline Nullable(DateTime64(3, \'UTC\')))'),
        s.ordinal) AS standing,
    max(attributes['ref_order_key']) AS order_key,
    max(if(s.flow = 'return_to_refund', attributes['ref_order_number'], '')) AS order_number
FROM steps_landing AS s
GROUP BY flow, key, occurred_at;

-- What landed before, and without a token: a repeat must not be taken for done. Landing it twice changes nothing.
INSERT INTO transaction_states (flow, key, occurred_at, trace_id, origin, channel, region, legal_entity, brand, tier, sku, first_at, last_at, events, max_attempt, had_case, had_failure, had_degraded, money, latest, accepted_at, validated_at, allocated_at, acknowledged_at, erp_confirmed_at, released_at, first_shipped_at, shipped_at, captured_at, delivered_at, invoiced_at, settled_at, cancelled_at, returned_at, closed, standing, order_key, order_number)
SELECT
    flow, key, occurred_at,
    max(s.trace_id) AS trace_id,
    max(s.origin) AS origin,
    max(s.channel) AS channel,
    max(s.region) AS region,
    max(s.legal_entity) AS legal_entity,
    max(s.brand) AS brand,
    max(attributes['tier']) AS tier,
    max(s.sku) AS sku,
    min(s.started_at) AS first_at,
    max(s.at) AS last_at,
    max(s.ordinal) AS events,
    max(s.attempt) AS max_attempt,
    max(s.case_id != '' OR s.status = 'quarantined') AS had_case,
    max(s.status = 'failed') AS had_failure,
    max(s.status = 'degraded') AS had_degraded,
    argMinState(
        CAST((s.amount, s.currency), 'Tuple(amount Decimal(21, 6), currency LowCardinality(String))'),
        if(s.currency = '', toUInt32(4294967295), s.ordinal)) AS money,
    argMaxState(
        CAST((s.business_key, s.step, s.status, s.system, s.attempt, s.at, s.deadline, s.location, s.case_id, s.error_class,
            s.error_code, s.error_path, s.error_message, s.payload_version, attributes['retry_at']),
        'Tuple(business_key String, step LowCardinality(String), status LowCardinality(String), system LowCardinality(String), attempt UInt16, at DateTime64(3, \'UTC\'), deadline Nullable(DateTime64(3, \'UTC\')), location LowCardinality(String), case_id String, error_class LowCardinality(String), error_code String, error_path String, error_message String, payload_version UInt32, retry_at String)'),
        s.ordinal) AS latest,
    min(if(s.status = 'completed' AND s.step = 'intake_received', s.ended_at, NULL)) AS accepted_at,
    min(if(s.status = 'completed' AND s.step = 'validate', s.ended_at, NULL)) AS validated_at,
    min(if(s.status = 'completed' AND s.step = 'reserve_stock', s.ended_at, NULL)) AS allocated_at,
    min(if(s.status = 'completed' AND s.step = 'acknowledge_channel', s.ended_at, NULL)) AS acknowledged_at,
    min(if(s.status = 'completed' AND s.step = 'erp_create_sales_order', s.ended_at, NULL)) AS erp_confirmed_at,
    min(if(s.status = 'completed' AND s.step = 'wms_release', s.ended_at, NULL)) AS released_at,
    min(if(s.status = 'completed' AND s.step = 'shipment_confirmed', s.ended_at, NULL)) AS first_shipped_at,
    min(if(s.status = 'completed' AND s.step = 'shipment_confirmed' AND attributes['remaining_units'] = '0', s.ended_at, NULL)) AS shipped_at,
    max(if(s.status = 'completed' AND s.step = 'capture_payment', s.ended_at, NULL)) AS captured_at,
    min(if(s.status = 'completed' AND s.step = 'delivered', s.ended_at, NULL)) AS delivered_at,
    min(if(s.status = 'completed' AND s.step = 'erp_post_invoice', s.ended_at, NULL)) AS invoiced_at,
    min(if(s.status = 'completed' AND s.step = 'settle', s.ended_at, NULL)) AS settled_at,
    min(if(s.status = 'completed' AND s.step = 'cancelled', s.ended_at, NULL)) AS cancelled_at,
    min(if(s.status = 'completed' AND s.step = 'returned' AND s.flow = 'order_to_cash', s.ended_at, NULL)) AS returned_at,
    max(s.flow = 'order_to_cash' AND (s.status = 'completed' AND s.step IN ('settle', 'cancelled') OR s.status = 'skipped' AND s.step = 'validate')) AS closed,
    argMaxState(
        CAST((s.step, s.status, s.system, s.case_id != '', s.at, s.deadline),
        'Tuple(step String, status String, system String, has_case UInt8, at DateTime64(3, \'UTC\'), deadline Nullable(DateTime64(3, \'UTC\')))'),
        s.ordinal) AS standing,
    max(attributes['ref_order_key']) AS order_key,
    max(if(s.flow = 'return_to_refund', attributes['ref_order_number'], '')) AS order_number
FROM steps AS s
GROUP BY flow, key, occurred_at
SETTINGS insert_deduplicate = 0, max_bytes_before_external_group_by = 1000000000;

CREATE OR REPLACE VIEW transactions_within $ON_CLUSTER AS
SELECT
    flow,
    key,
    min(t.occurred_at) AS occurred_at,
    max(t.trace_id) AS trace_id,
    max(t.origin) AS origin,
    max(t.channel) AS channel,
    max(t.region) AS region,
    max(t.legal_entity) AS legal_entity,
    max(t.brand) AS brand,
    max(t.tier) AS tier,
    max(t.sku) AS sku,
    max(t.order_key) AS order_key,
    max(t.order_number) AS order_number,
    min(t.first_at) AS first_at,
    max(t.last_at) AS last_at,
    max(t.events) AS events,
    max(t.max_attempt) AS max_attempt,
    max(t.had_case) AS had_case,
    max(t.had_failure) AS had_failure,
    max(t.had_degraded) AS had_degraded,
    argMinMerge(t.money) AS first_money,
    first_money.amount AS amount,
    first_money.currency AS currency,
    argMaxMerge(t.latest) AS last_event,
    last_event.business_key AS business_key,
    argMaxMerge(t.standing) AS stands,
    stands.step AS step,
    stands.status AS status,
    stands.system AS system,
    stands.deadline AS deadline,
    last_event.attempt AS attempt,
    last_event.location AS location,
    last_event.case_id AS case_id,
    last_event.error_class AS error_class,
    last_event.error_code AS error_code,
    last_event.error_path AS error_path,
    last_event.error_message AS error_message,
    last_event.payload_version AS payload_version,
    parseDateTime64BestEffortOrNull(last_event.retry_at, 3, 'UTC') AS retry_at,
    min(t.accepted_at) AS accepted_at,
    min(t.validated_at) AS validated_at,
    min(t.allocated_at) AS allocated_at,
    min(t.acknowledged_at) AS acknowledged_at,
    min(t.erp_confirmed_at) AS erp_confirmed_at,
    min(t.released_at) AS released_at,
    min(t.first_shipped_at) AS first_shipped_at,
    min(t.shipped_at) AS shipped_at,
    max(t.captured_at) AS captured_at,
    min(t.delivered_at) AS delivered_at,
    min(t.invoiced_at) AS invoiced_at,
    min(t.settled_at) AS settled_at,
    min(t.cancelled_at) AS cancelled_at,
    min(t.returned_at) AS returned_at,
    multiIf(
        flow = 'order_to_cash',
        NOT (isNotNull(min(t.settled_at)) OR isNotNull(min(t.cancelled_at))
            OR (stands.step IN ('validate', 'channel_update_received') AND stands.status = 'skipped')),
        flow = 'return_to_refund',
        NOT (stands.status = 'superseded' OR (stands.status = 'skipped' AND stands.has_case)
            OR (stands.step IN ('close', 'apply_return_message') AND stands.status = 'completed')),
        stands.status NOT IN ('completed', 'skipped', 'superseded', 'compensated')) AS is_open,
    multiIf(
        flow != 'order_to_cash', '',
        isNotNull(min(t.cancelled_at)), 'cancelled',
        isNotNull(min(t.returned_at)), 'returned',
        isNotNull(min(t.settled_at)), 'financially_settled',
        isNotNull(min(t.delivered_at)), 'delivered',
        isNotNull(min(t.shipped_at)), 'shipped',
        isNotNull(min(t.first_shipped_at)), 'partially_shipped',
        isNotNull(min(t.released_at)), 'released_to_warehouse',
        isNotNull(min(t.allocated_at)), 'allocated',
        'pending_validation') AS lifecycle
FROM transaction_states AS t
WHERE t.occurred_at >= {since:DateTime64(3, 'UTC')} AND t.occurred_at < {until:DateTime64(3, 'UTC')}
GROUP BY flow, key;

-- The same text, since a view finds another one with parameters in the database of whoever asks only.
CREATE OR REPLACE VIEW transactions $ON_CLUSTER AS
SELECT
    flow,
    key,
    min(t.occurred_at) AS occurred_at,
    max(t.trace_id) AS trace_id,
    max(t.origin) AS origin,
    max(t.channel) AS channel,
    max(t.region) AS region,
    max(t.legal_entity) AS legal_entity,
    max(t.brand) AS brand,
    max(t.tier) AS tier,
    max(t.sku) AS sku,
    max(t.order_key) AS order_key,
    max(t.order_number) AS order_number,
    min(t.first_at) AS first_at,
    max(t.last_at) AS last_at,
    max(t.events) AS events,
    max(t.max_attempt) AS max_attempt,
    max(t.had_case) AS had_case,
    max(t.had_failure) AS had_failure,
    max(t.had_degraded) AS had_degraded,
    argMinMerge(t.money) AS first_money,
    first_money.amount AS amount,
    first_money.currency AS currency,
    argMaxMerge(t.latest) AS last_event,
    last_event.business_key AS business_key,
    argMaxMerge(t.standing) AS stands,
    stands.step AS step,
    stands.status AS status,
    stands.system AS system,
    stands.deadline AS deadline,
    last_event.attempt AS attempt,
    last_event.location AS location,
    last_event.case_id AS case_id,
    last_event.error_class AS error_class,
    last_event.error_code AS error_code,
    last_event.error_path AS error_path,
    last_event.error_message AS error_message,
    last_event.payload_version AS payload_version,
    parseDateTime64BestEffortOrNull(last_event.retry_at, 3, 'UTC') AS retry_at,
    min(t.accepted_at) AS accepted_at,
    min(t.validated_at) AS validated_at,
    min(t.allocated_at) AS allocated_at,
    min(t.acknowledged_at) AS acknowledged_at,
    min(t.erp_confirmed_at) AS erp_confirmed_at,
    min(t.released_at) AS released_at,
    min(t.first_shipped_at) AS first_shipped_at,
    min(t.shipped_at) AS shipped_at,
    max(t.captured_at) AS captured_at,
    min(t.delivered_at) AS delivered_at,
    min(t.invoiced_at) AS invoiced_at,
    min(t.settled_at) AS settled_at,
    min(t.cancelled_at) AS cancelled_at,
    min(t.returned_at) AS returned_at,
    multiIf(
        flow = 'order_to_cash',
        NOT (isNotNull(min(t.settled_at)) OR isNotNull(min(t.cancelled_at))
            OR (stands.step IN ('validate', 'channel_update_received') AND stands.status = 'skipped')),
        flow = 'return_to_refund',
        NOT (stands.status = 'superseded' OR (stands.status = 'skipped' AND stands.has_case)
            OR (stands.step IN ('close', 'apply_return_message') AND stands.status = 'completed')),
        stands.status NOT IN ('completed', 'skipped', 'superseded', 'compensated')) AS is_open,
    multiIf(
        flow != 'order_to_cash', '',
        isNotNull(min(t.cancelled_at)), 'cancelled',
        isNotNull(min(t.returned_at)), 'returned',
        isNotNull(min(t.settled_at)), 'financially_settled',
        isNotNull(min(t.delivered_at)), 'delivered',
        isNotNull(min(t.shipped_at)), 'shipped',
        isNotNull(min(t.first_shipped_at)), 'partially_shipped',
        isNotNull(min(t.released_at)), 'released_to_warehouse',
        isNotNull(min(t.allocated_at)), 'allocated',
        'pending_validation') AS lifecycle
FROM transaction_states AS t
GROUP BY flow, key;

CREATE TABLE posting_attempts $ON_CLUSTER
(
    at DateTime64(3, 'UTC'),
    posting_key String,
    ordinal UInt32,
    occurred_at DateTime64(3, 'UTC'),
    status LowCardinality(String),
    attempt UInt16,
    origin LowCardinality(String),
    flow LowCardinality(String),
    key String,
    business_key String,
    step LowCardinality(String),
    document LowCardinality(String),
    document_number String,
    system LowCardinality(String),
    legal_entity LowCardinality(String),
    amount Decimal(21, 6),
    currency LowCardinality(String),
    case_id String,
    error_class LowCardinality(String),
    error_code String,
    error_path String,
    error_message String,
    retry_at Nullable(DateTime64(3, 'UTC')),
    looked_up UInt8
)
ENGINE = $ENGINE(ReplacingMergeTree)
ORDER BY (at, posting_key, ordinal)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW posting_attempts_view $ON_CLUSTER TO posting_attempts AS
SELECT
    s.at AS at,
    if(attributes['posting_key'] != '', attributes['posting_key'], concat(s.key, ':', s.step)) AS posting_key,
    s.ordinal AS ordinal,
    s.occurred_at AS occurred_at,
    s.status AS status,
    s.attempt AS attempt,
    s.origin AS origin,
    s.flow AS flow,
    s.key AS key,
    s.business_key AS business_key,
    s.step AS step,
    if(attributes['document'] != '', attributes['document'],
        transform(s.step, ['erp_create_sales_order', 'capture_payment', 'erp_post_invoice'], ['sales_order', 'payment', 'invoice'], '')) AS document,
    attributes['document_number'] AS document_number,
    s.system AS system,
    s.legal_entity AS legal_entity,
    s.amount AS amount,
    s.currency AS currency,
    s.case_id AS case_id,
    s.error_class AS error_class,
    s.error_code AS error_code,
    s.error_path AS error_path,
    s.error_message AS error_message,
    parseDateTime64BestEffortOrNull(attributes['retry_at'], 3, 'UTC') AS retry_at,
    attributes['looked_up'] = 'true' AS looked_up
FROM steps_landing AS s
WHERE s.step IN ('erp_create_sales_order', 'capture_payment', 'erp_post_invoice') OR attributes['document'] != '';

INSERT INTO posting_attempts
SELECT
    s.at AS at,
    if(attributes['posting_key'] != '', attributes['posting_key'], concat(s.key, ':', s.step)) AS posting_key,
    s.ordinal AS ordinal,
    s.occurred_at AS occurred_at,
    s.status AS status,
    s.attempt AS attempt,
    s.origin AS origin,
    s.flow AS flow,
    s.key AS key,
    s.business_key AS business_key,
    s.step AS step,
    if(attributes['document'] != '', attributes['document'],
        transform(s.step, ['erp_create_sales_order', 'capture_payment', 'erp_post_invoice'], ['sales_order', 'payment', 'invoice'], '')) AS document,
    attributes['document_number'] AS document_number,
    s.system AS system,
    s.legal_entity AS legal_entity,
    s.amount AS amount,
    s.currency AS currency,
    s.case_id AS case_id,
    s.error_class AS error_class,
    s.error_code AS error_code,
    s.error_path AS error_path,
    s.error_message AS error_message,
    parseDateTime64BestEffortOrNull(attributes['retry_at'], 3, 'UTC') AS retry_at,
    attributes['looked_up'] = 'true' AS looked_up
FROM steps AS s
WHERE s.step IN ('erp_create_sales_order', 'capture_payment', 'erp_post_invoice') OR attributes['document'] != ''
SETTINGS insert_deduplicate = 0;
