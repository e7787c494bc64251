-- transactions: "where does each transaction stand": one row a transaction (read the view `transactions`; the states
-- are in transaction_states). Order list, lifecycle, what is open, stuck, late, in trouble, value at risk, exception
-- rate, completion rate, one transaction by key.
--
-- Every state is idempotent (min, max, argMax by ordinal, argMin): landing an event twice changes nothing, and the view
-- groups by (flow, key), so figures never depend on merges. Filter on flow and occurred_at (the sort key) or key (bloom
-- filter) to stay narrow; name only the columns needed.
--
-- Milestones are the end of the step's (first) completion: accepted_at intake_received, validated_at validate, allocated_at
-- reserve_stock, acknowledged_at acknowledge_channel, erp_confirmed_at erp_create_sales_order, released_at wms_release,
-- first_shipped_at any shipment_confirmed, shipped_at the one with remaining_units 0, captured_at capture_payment (last),
-- delivered_at delivered, invoiced_at erp_post_invoice, settled_at settle, cancelled_at cancelled.
-- amount, currency: of the first event that carries them, which is the order's total.
-- is_open: not finished. An order is finished when it is settled, cancelled or skipped by policy, whatever its channel still
-- sends about it afterwards; any other flow when its
-- last event completed, was skipped or superseded.

CREATE TABLE transaction_states $ON_CLUSTER
(
    flow LowCardinality(String),
    key String,
    occurred_at DateTime64(3, 'UTC'),
    trace_id SimpleAggregateFunction(max, String),
    origin SimpleAggregateFunction(max, LowCardinality(String)),
    channel SimpleAggregateFunction(max, LowCardinality(String)),
    region SimpleAggregateFunction(max, LowCardinality(String)),
    legal_entity SimpleAggregateFunction(max, LowCardinality(String)),
    brand SimpleAggregateFunction(max, LowCardinality(String)),
    tier SimpleAggregateFunction(max, LowCardinality(String)),
    sku SimpleAggregateFunction(max, String),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    events SimpleAggregateFunction(max, UInt32),
    max_attempt SimpleAggregateFunction(max, UInt16),
    had_case SimpleAggregateFunction(max, UInt8),
    had_failure SimpleAggregateFunction(max, UInt8),
    had_degraded SimpleAggregateFunction(max, UInt8),
    money AggregateFunction(argMin, Tuple(amount Decimal(21, 6), currency LowCardinality(String)), UInt32),
    latest AggregateFunction(argMax, Tuple(
        business_key String, step LowCardinality(String), status LowCardinality(String), system LowCardinality(String),
        attempt UInt16, at DateTime64(3, 'UTC'), deadline Nullable(DateTime64(3, 'UTC')), location LowCardinality(String),
        case_id String, error_class LowCardinality(String), error_code String, error_path String, error_message String,
        payload_version UInt32, retry_at String), UInt32),
    accepted_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    validated_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    allocated_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    acknowledged_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    erp_confirmed_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    released_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    first_shipped_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    shipped_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    captured_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))),
    delivered_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    invoiced_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    settled_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    cancelled_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    INDEX by_key key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (flow, occurred_at, key)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW transaction_states_view $ON_CLUSTER TO transaction_states AS
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
    min(if(s.status = 'completed' AND s.step = 'cancelled', s.ended_at, NULL)) AS cancelled_at
FROM steps_landing AS s
GROUP BY flow, key, occurred_at;

CREATE VIEW transactions $ON_CLUSTER AS
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
    last_event.step AS step,
    last_event.status AS status,
    last_event.system AS system,
    last_event.attempt AS attempt,
    last_event.deadline AS deadline,
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
    if(flow = 'order_to_cash',
        NOT (isNotNull(min(t.settled_at)) OR isNotNull(min(t.cancelled_at))
            OR (last_event.step = 'validate' AND last_event.status = 'skipped')),
        last_event.status NOT IN ('completed', 'skipped', 'superseded', 'compensated')) AS is_open,
    multiIf(
        flow != 'order_to_cash', '',
        isNotNull(min(t.cancelled_at)), 'cancelled',
        isNotNull(min(t.settled_at)), 'financially_settled',
        isNotNull(min(t.delivered_at)), 'delivered',
        isNotNull(min(t.shipped_at)), 'shipped',
        isNotNull(min(t.first_shipped_at)), 'partially_shipped',
        isNotNull(min(t.released_at)), 'released_to_warehouse',
        isNotNull(min(t.allocated_at)), 'allocated',
        'pending_validation') AS lifecycle
FROM transaction_states AS t
GROUP BY flow, key;
