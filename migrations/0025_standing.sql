-- What pages ask of everything that is under way, without reading all that there is.
--
-- order_standing: "which orders are under way, and which of them stand": one row an order, of plain columns alone, so that
-- asking it of every open order costs milliseconds; transaction_states keeps states of aggregates, each of which is read by
-- itself. Rows of one order may not be merged yet, and lie at two times where its first events did not know when it was placed:
-- find keys by what any of their rows says (closed = 0, and what makes one stand), then merge the rows of those.
--
-- closed: 1 once an order is settled or cancelled, which it then stays; the index skips the stretches in which every order is.
-- One left alone by policy, which may be taken up again, is told by how it stands. stands: what the latest event
-- says, the greatest by its ordinal. worth: money of the first event that names a currency, the least by its rank.
-- origin, tier, last_at, erp_confirmed_at: as in transaction_states.
--
-- stock_levels, told_levels: what inventory_position_states and publication_states held, in small granules: a page asks for fifty
-- SKUs from all over the catalogue, each of which had eight thousand rows read. The views are as they were.

CREATE TABLE order_standing $ON_CLUSTER
(
    occurred_at DateTime64(3, 'UTC'),
    key String,
    origin SimpleAggregateFunction(max, LowCardinality(String)),
    tier SimpleAggregateFunction(max, LowCardinality(String)),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    closed SimpleAggregateFunction(max, UInt8),
    erp_confirmed_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))),
    stands SimpleAggregateFunction(max, Tuple(ordinal UInt32, step String, status String, deadline Nullable(DateTime64(3, 'UTC')))),
    worth SimpleAggregateFunction(min, Tuple(rank UInt32, currency String, amount Decimal(21, 6))),
    INDEX unfinished closed TYPE minmax GRANULARITY 1,
    INDEX by_key key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (occurred_at, key)
SETTINGS non_replicated_deduplication_window = 2000, index_granularity = 1024;

CREATE MATERIALIZED VIEW order_standing_view $ON_CLUSTER TO order_standing AS
SELECT
    s.occurred_at AS occurred_at,
    s.key AS key,
    max(s.origin) AS origin,
    max(attributes['tier']) AS tier,
    max(s.at) AS last_at,
    max(s.status = 'completed' AND s.step IN ('settle', 'cancelled')) AS closed,
    min(if(s.status = 'completed' AND s.step = 'erp_create_sales_order', s.ended_at, NULL)) AS erp_confirmed_at,
    argMax(CAST((s.ordinal, s.step, s.status, s.deadline),
        'Tuple(ordinal UInt32, step String, status String, deadline Nullable(DateTime64(3, \'UTC\')))'), s.ordinal) AS stands,
    min(CAST((if(s.currency = '', toUInt32(4294967295), s.ordinal), s.currency, s.amount),
        'Tuple(rank UInt32, currency String, amount Decimal(21, 6))')) AS worth
FROM steps_landing AS s
WHERE s.flow = 'order_to_cash'
GROUP BY occurred_at, key;

-- What landed before, and without a token: a repeat must not be taken for done. Landing it twice changes nothing.
INSERT INTO order_standing (occurred_at, key, origin, tier, last_at, closed, erp_confirmed_at, stands, worth)
SELECT
    s.occurred_at AS occurred_at,
    s.key AS key,
    max(s.origin) AS origin,
    max(attributes['tier']) AS tier,
    max(s.at) AS last_at,
    max(s.status = 'completed' AND s.step IN ('settle', 'cancelled')) AS closed,
    min(if(s.status = 'completed' AND s.step = 'erp_create_sales_order', s.ended_at, NULL)) AS erp_confirmed_at,
    argMax(CAST((s.ordinal, s.step, s.status, s.deadline),
        'Tuple(ordinal UInt32, step String, status String, deadline Nullable(DateTime64(3, \'UTC\')))'), s.ordinal) AS stands,
    min(CAST((if(s.currency = '', toUInt32(4294967295), s.ordinal), s.currency, s.amount),
        'Tuple(rank UInt32, currency String, amount Decimal(21, 6))')) AS worth
FROM steps AS s
WHERE s.flow = 'order_to_cash'
GROUP BY occurred_at, key
SETTINGS insert_deduplicate = 0;

CREATE TABLE stock_levels $ON_CLUSTER
(
    sku String,
    location LowCardinality(String),
    newest_change_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    latest AggregateFunction(argMax, Tuple(
        on_hand Int64, reserved Int64, sellable Int64, version UInt64, reason LowCardinality(String), changed_at DateTime64(3, 'UTC'),
        at DateTime64(3, 'UTC'), key String, system LowCardinality(String), legal_entity LowCardinality(String),
        origin LowCardinality(String), behind Array(String)), UInt64)
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (sku, location)
SETTINGS non_replicated_deduplication_window = 2000, index_granularity = 128;

CREATE MATERIALIZED VIEW stock_levels_view $ON_CLUSTER TO stock_levels AS
SELECT
    sku, location,
    max(s.occurred_at) AS newest_change_at,
    argMaxState(
        CAST((toInt64OrZero(attributes['on_hand']), toInt64OrZero(attributes['reserved']), toInt64OrZero(attributes['sellable']),
            toUInt64OrZero(attributes['version']), attributes['reason'], s.occurred_at, s.at, s.key, s.system, s.legal_entity, s.origin,
            arrayFilter(channel -> channel != '', splitByChar(' ', attributes['behind']))),
        'Tuple(on_hand Int64, reserved Int64, sellable Int64, version UInt64, reason LowCardinality(String), changed_at DateTime64(3, \'UTC\'), at DateTime64(3, \'UTC\'), key String, system LowCardinality(String), legal_entity LowCardinality(String), origin LowCardinality(String), behind Array(String))'),
        s.stream_seq) AS latest
FROM steps_landing AS s
WHERE s.flow = 'inventory_sync' AND s.step = 'stock_changed' AND s.status = 'completed' AND s.sku != ''
GROUP BY sku, location;

CREATE TABLE told_levels $ON_CLUSTER
(
    sku String,
    location LowCardinality(String),
    channel LowCardinality(String),
    latest AggregateFunction(argMax, Tuple(
        quantity Int64, version UInt64, coalesced UInt32, oldest_change_at DateTime64(3, 'UTC'), confirmed_at DateTime64(3, 'UTC'),
        status LowCardinality(String), key String, system LowCardinality(String), origin LowCardinality(String)), UInt64)
)
ENGINE = $ENGINE(AggregatingMergeTree)
ORDER BY (sku, location, channel)
SETTINGS non_replicated_deduplication_window = 2000, index_granularity = 128;

CREATE MATERIALIZED VIEW told_levels_view $ON_CLUSTER TO told_levels AS
SELECT
    sku, location, channel,
    argMaxState(
        CAST((toInt64OrZero(attributes['quantity']), toUInt64OrZero(attributes['version']), toUInt32OrZero(attributes['coalesced']),
            ifNull(parseDateTime64BestEffortOrNull(attributes['oldest_change_at'], 3, 'UTC'), s.occurred_at), s.at, s.status, s.key,
            s.system, s.origin),
        'Tuple(quantity Int64, version UInt64, coalesced UInt32, oldest_change_at DateTime64(3, \'UTC\'), confirmed_at DateTime64(3, \'UTC\'), status LowCardinality(String), key String, system LowCardinality(String), origin LowCardinality(String))'),
        s.stream_seq) AS latest
FROM steps_landing AS s
WHERE s.flow = 'inventory_sync' AND s.step = 'publish_availability' AND s.status IN ('completed', 'skipped') AND s.sku != ''
GROUP BY sku, location, channel;

INSERT INTO stock_levels SELECT * FROM inventory_position_states SETTINGS insert_deduplicate = 0;
INSERT INTO told_levels SELECT * FROM publication_states SETTINGS insert_deduplicate = 0;

CREATE OR REPLACE VIEW inventory_positions $ON_CLUSTER AS
SELECT
    sku, location,
    max(p.newest_change_at) AS newest_change_at,
    argMaxMerge(p.latest) AS last_change,
    last_change.on_hand AS on_hand,
    last_change.reserved AS reserved,
    last_change.sellable AS sellable,
    last_change.version AS version,
    last_change.reason AS reason,
    last_change.changed_at AS changed_at,
    last_change.at AS at,
    last_change.key AS key,
    last_change.system AS system,
    last_change.legal_entity AS legal_entity,
    last_change.origin AS origin,
    last_change.behind AS behind
FROM stock_levels AS p
GROUP BY sku, location;

CREATE OR REPLACE VIEW publications $ON_CLUSTER AS
SELECT
    sku, location, channel,
    argMaxMerge(p.latest) AS last_publication,
    last_publication.quantity AS quantity,
    last_publication.version AS version,
    last_publication.coalesced AS coalesced,
    last_publication.oldest_change_at AS oldest_change_at,
    last_publication.confirmed_at AS confirmed_at,
    last_publication.status AS status,
    last_publication.key AS key,
    last_publication.system AS system,
    last_publication.origin AS origin
FROM told_levels AS p
GROUP BY sku, location, channel;
