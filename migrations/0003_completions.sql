-- completions: "latency of what completed within [from, to)", exactly, over transactions. One narrow row for every
-- completed step. Order sync latency is flow order_to_cash, step erp_create_sales_order; order release time wms_release;
-- acknowledgement acknowledge_channel; ingestion lag intake_received; cycle time delivered; inventory publication latency
-- is flow inventory_sync, step publish_availability (there occurred_at is the oldest coalesced change). Value: latency_ms.
--
-- shipped_at: when the warehouse shipped, from attribute `shipped_at`, for shipment confirmation latency (at - shipped_at
-- of channel_fulfilment). remaining_units: from the attribute, 0 = fully shipped, -1 = not given.
-- Additive like step_minutes: same partitions, same rebuild.

CREATE TABLE completions $ON_CLUSTER
(
    flow LowCardinality(String),
    step LowCardinality(String),
    at DateTime64(3, 'UTC'),
    key String,
    ordinal UInt32,
    occurred_at DateTime64(3, 'UTC'),
    latency_ms Int64,
    duration_ms Int64,
    shipped_at Nullable(DateTime64(3, 'UTC')),
    remaining_units Int32,
    system LowCardinality(String),
    channel LowCardinality(String),
    region LowCardinality(String),
    legal_entity LowCardinality(String),
    brand LowCardinality(String),
    location LowCardinality(String),
    tier LowCardinality(String),
    amount Decimal(21, 6),
    currency LowCardinality(String),
    origin LowCardinality(String),
    stream_seq UInt64,
    shard UInt8
)
ENGINE = $ENGINE(MergeTree)
PARTITION BY (toYYYYMM(at), shard)
ORDER BY (flow, step, at, key)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW completions_view $ON_CLUSTER TO completions AS
SELECT
    flow, step, at, key, ordinal, occurred_at,
    dateDiff('millisecond', occurred_at, at) AS latency_ms,
    dateDiff('millisecond', started_at, at) AS duration_ms,
    parseDateTime64BestEffortOrNull(attributes['shipped_at'], 3, 'UTC') AS shipped_at,
    toInt32OrDefault(attributes['remaining_units'], toInt32(-1)) AS remaining_units,
    system, channel, region, legal_entity, brand, location,
    attributes['tier'] AS tier,
    amount, currency, origin, stream_seq, shard
FROM steps_landing
WHERE status = 'completed' AND isNotNull(ended_at);
