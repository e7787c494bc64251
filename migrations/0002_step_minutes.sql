-- step_minutes: "how many, how fast, how many failed" of any step, system, channel or flow over any range, to the
-- minute of the event's own time, without reading `steps`. Backfill is told apart by `origin`.
--
-- events: events of that status. measured: those with an end. duration_ms: sum of ended - started.
-- duration, latency: quantile states (levels 0.5, 0.95, 0.99; DDSketch, 1 % relative accuracy, merges are exact) in ms;
-- latency = at - occurred_at, of ended events. Read with sum(events) and quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(latency).
--
-- Additive, so it must see each event exactly once: its partitions are (month, shard), which lets the holder of a
-- shard's lease rebuild one from `steps` without disturbing another writer.

CREATE TABLE step_minutes $ON_CLUSTER
(
    minute DateTime('UTC'),
    flow LowCardinality(String),
    step LowCardinality(String),
    system LowCardinality(String),
    channel LowCardinality(String),
    status LowCardinality(String),
    origin LowCardinality(String),
    shard UInt8,
    events SimpleAggregateFunction(sum, UInt64),
    measured SimpleAggregateFunction(sum, UInt64),
    duration_ms SimpleAggregateFunction(sum, UInt64),
    duration AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    latency AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64)
)
ENGINE = $ENGINE(AggregatingMergeTree)
PARTITION BY (toYYYYMM(minute), shard)
ORDER BY (flow, step, minute, system, channel, status, origin)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW step_minutes_view $ON_CLUSTER TO step_minutes AS
SELECT
    toStartOfMinute(at, 'UTC') AS minute,
    flow, step, system, channel, status, origin, shard,
    count() AS events,
    countIf(isNotNull(ended_at)) AS measured,
    sumIf(greatest(toInt64(0), dateDiff('millisecond', started_at, at)), isNotNull(ended_at)) AS duration_ms,
    quantilesDDStateIf(0.01, 0.5, 0.95, 0.99)(toFloat64(greatest(toInt64(0), dateDiff('millisecond', started_at, at))), isNotNull(ended_at)) AS duration,
    quantilesDDStateIf(0.01, 0.5, 0.95, 0.99)(toFloat64(greatest(toInt64(0), dateDiff('millisecond', occurred_at, at))), isNotNull(ended_at)) AS latency
FROM steps_landing
GROUP BY minute, flow, step, system, channel, status, origin, shard;
