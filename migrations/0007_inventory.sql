-- Inventory freshness, from flow inventory_sync. Read the views; the states are in *_states. Order of writing is the
-- stream's (one writer per SKU), so the latest is the highest stream_seq. Idempotent like transactions.
--
-- inventory_positions: "what is there": per SKU and location the latest on hand, reserved, sellable, when the newest
-- change happened, and which channels had to be called because of it (`behind`). From completed stock_changed.
-- publications: "what was each channel told, when": per SKU, location and channel the latest confirmed quantity, its
-- version and the oldest change it carried. From completed (or skipped: nothing to tell) publish_availability.
-- A stale item is a position with the channel among `behind`, whose version is beyond the channel's published version and
-- whose newest change is older than the target: a change that leaves the channel's quantity as it was is never published.
-- changes, publications over time: step_minutes, completions.

CREATE TABLE inventory_position_states $ON_CLUSTER
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
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW inventory_position_states_view $ON_CLUSTER TO inventory_position_states AS
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

CREATE VIEW inventory_positions $ON_CLUSTER AS
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
FROM inventory_position_states AS p
GROUP BY sku, location;

CREATE TABLE publication_states $ON_CLUSTER
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
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW publication_states_view $ON_CLUSTER TO publication_states AS
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

CREATE VIEW publications $ON_CLUSTER AS
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
FROM publication_states AS p
GROUP BY sku, location, channel;
