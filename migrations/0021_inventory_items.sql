-- What the inventory pages ask, so that they answer as fast with half a million positions as with a few. Idempotent.
--
-- inventory_items: "what is each channel still to be told": one row a SKU, location and channel that is told of it: the newest
-- version it had to be told of (`due_version`), when the newest such change happened (`due_since`), and the newest version it
-- confirmed. Versions of a SKU at a location only grow, so each is a maximum. An item waits while due_version is beyond
-- confirmed_version. Every push channel is to be told of an item's first change, so every item has a row. Read with FINAL.
-- stock_changes: "what happened to one SKU": one row an event of inventory_sync, by SKU and time. Read with FINAL.

CREATE TABLE inventory_items $ON_CLUSTER
(
    location LowCardinality(String),
    channel LowCardinality(String),
    sku String,
    due_version SimpleAggregateFunction(max, UInt64),
    due_since SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    confirmed_version SimpleAggregateFunction(max, UInt64),
    confirmed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (location, channel, sku)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW inventory_items_view $ON_CLUSTER TO inventory_items AS
SELECT
    location, to_channel AS channel, sku,
    max(if(s.step = 'stock_changed', toUInt64OrZero(attributes['version']), toUInt64(0))) AS due_version,
    max(if(s.step = 'stock_changed', s.occurred_at, toDateTime64(0, 3, 'UTC'))) AS due_since,
    max(if(s.step = 'stock_changed', toUInt64(0), toUInt64OrZero(attributes['version']))) AS confirmed_version,
    max(if(s.step = 'stock_changed', toDateTime64(0, 3, 'UTC'), s.at)) AS confirmed_at
FROM steps_landing AS s
ARRAY JOIN if(s.step = 'stock_changed', splitByChar(' ', attributes['behind']), [toString(s.channel)]) AS to_channel
WHERE s.flow = 'inventory_sync' AND s.sku != '' AND to_channel != ''
    AND (s.step = 'stock_changed' AND s.status = 'completed' OR s.step = 'publish_availability' AND s.status IN ('completed', 'skipped'))
GROUP BY location, channel, sku;

CREATE TABLE stock_changes $ON_CLUSTER
(
    sku String,
    at DateTime64(3, 'UTC'),
    location LowCardinality(String),
    key String,
    ordinal UInt32,
    step LowCardinality(String),
    status LowCardinality(String),
    channel LowCardinality(String),
    system LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    version UInt64,
    on_hand Int64,
    reserved Int64,
    in_transit Int64,
    sellable Int64,
    quantity Nullable(Int64),
    reason String,
    caused_by String,
    coalesced UInt32,
    error_code String,
    error_message String,
    origin LowCardinality(String)
)
ENGINE = $ENGINE(ReplacingMergeTree)
PARTITION BY toYYYYMM(at)
ORDER BY (sku, at, location, key, ordinal)
SETTINGS non_replicated_deduplication_window = 2000, index_granularity = 1024;

CREATE MATERIALIZED VIEW stock_changes_view $ON_CLUSTER TO stock_changes AS
SELECT
    sku, at, location, key, ordinal, step, status, channel, system, occurred_at,
    toUInt64OrZero(attributes['version']) AS version,
    toInt64OrZero(attributes['on_hand']) AS on_hand,
    toInt64OrZero(attributes['reserved']) AS reserved,
    toInt64OrZero(attributes['in_transit']) AS in_transit,
    toInt64OrZero(attributes['sellable']) AS sellable,
    toInt64OrNull(attributes['quantity']) AS quantity,
    attributes['reason'] AS reason,
    attributes['caused_by'] AS caused_by,
    toUInt32OrZero(attributes['coalesced']) AS coalesced,
    error_code, error_message, origin
FROM steps_landing
WHERE flow = 'inventory_sync' AND sku != '';

INSERT INTO inventory_items (location, channel, sku, due_version, due_since)
SELECT location, arrayJoin(behind) AS channel, sku, version, changed_at FROM inventory_positions;

INSERT INTO inventory_items (location, channel, sku, confirmed_version, confirmed_at)
SELECT location, channel, sku, version, confirmed_at FROM publications;

INSERT INTO stock_changes (sku, at, location, key, ordinal, step, status, channel, system, occurred_at, version, on_hand, reserved, in_transit, sellable, quantity, reason, caused_by, coalesced, error_code, error_message, origin)
SELECT
    sku, at, location, key, ordinal, step, status, channel, system, occurred_at,
    toUInt64OrZero(attributes['version']) AS version,
    toInt64OrZero(attributes['on_hand']) AS on_hand,
    toInt64OrZero(attributes['reserved']) AS reserved,
    toInt64OrZero(attributes['in_transit']) AS in_transit,
    toInt64OrZero(attributes['sellable']) AS sellable,
    toInt64OrNull(attributes['quantity']) AS quantity,
    attributes['reason'] AS reason,
    attributes['caused_by'] AS caused_by,
    toUInt32OrZero(attributes['coalesced']) AS coalesced,
    error_code, error_message, origin
FROM steps
WHERE flow = 'inventory_sync' AND sku != '';
