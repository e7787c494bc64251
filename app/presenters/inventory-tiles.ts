import { figures } from '#app/figures.ts';
import { figureDuration, formatDuration, formatNumber, formatRough } from '#app/format.ts';
import { changesAsked, itemsAsked } from '#app/inventory/paths.ts';
import type { RunRow } from '#app/queries/reconciliation.ts';
import { freshnessTile, type TileView } from './live-tiles.ts';
import { accuracyTile } from './reconciliation-tiles.ts';
import type { Point } from './series.ts';

interface Input {
  freshness: { items: number; waiting: number; stale: number; oldest_at: string };
  latency: { publications: number; latency: readonly (number | null)[] };
  superseded: number;
  changes: number;
  latestStockRun: RunRow | undefined;
  targetMs: number;
  now: number;
  points: Point[];
  range: string;
}

/** The figures of the inventory page. Pure. */
export function inventoryTiles(input: Input): TileView[] {
  const { freshness, targetMs, now, range } = input;
  return [
    {
      ...freshnessTile({ ...freshness, targetMs, now, points: input.points }),
      spark: undefined,
      to: itemsAsked(range, {}),
    },
    staleTile(input),
    latencyTile(input),
    supersededTile(input),
    accuracyTile(input.latestStockRun),
  ];
}

const ageOf = (at: string, now: number): string => formatRough(Math.max(0, now - Date.parse(at)));

function staleTile({ freshness, targetMs, now, range }: Input): TileView {
  const { stale, waiting, oldest_at } = freshness;
  const within = waiting - stale;
  return {
    id: 'stale',
    figure: figures.staleItems,
    value: formatNumber(stale),
    unit: stale === 1 ? 'item' : 'items',
    change: undefined,
    target: `target ${formatDuration(targetMs)}`,
    condition: stale > 0 ? 'bad' : 'good',
    word: stale === 0 ? 'none stale' : `oldest ${ageOf(oldest_at, now)}`,
    beside: [{ text: `${formatNumber(within)} waiting within target`, condition: 'none' }],
    spark: undefined,
    to: itemsAsked(range, { state: 'stale' }),
  };
}

function latencyTile({ freshness, latency, targetMs, now, range, points }: Input): TileView {
  const [p50, p95, p99] = latency.latency;
  const measured = latency.publications > 0 && p50 != null && p95 != null && p99 != null;
  const over = measured && p95 > targetMs;
  const { waiting, oldest_at } = freshness;
  const figure = measured ? figureDuration(p95) : { value: '–', unit: '' };
  return {
    id: 'publication',
    figure: figures.publicationLatency,
    value: figure.value,
    unit: `${figure.unit} p95`.trim(),
    change: undefined,
    target: `target ${formatDuration(targetMs)}`,
    condition: !measured ? 'none' : over ? 'bad' : 'good',
    word: !measured ? 'nothing published' : over ? 'over target' : 'within target',
    beside: [
      {
        text: measured
          ? `p50 ${formatDuration(p50)}, p99 ${formatDuration(p99)}, ${formatNumber(latency.publications)} told`
          : 'none told',
        condition: 'none',
      },
      {
        text: waiting === 0 ? 'none waiting' : `${formatNumber(waiting)} waiting, oldest ${ageOf(oldest_at, now)}`,
        condition: 'none',
      },
    ],
    spark: { label: 'Publication latency p95 in milliseconds', points, target: targetMs },
    to: changesAsked(range, { kind: 'published' }),
  };
}

function supersededTile({ superseded, changes, range }: Input): TileView {
  return {
    id: 'superseded',
    figure: figures.supersededUpdates,
    value: formatNumber(superseded),
    unit: superseded === 1 ? 'update' : 'updates',
    change: undefined,
    target: '',
    condition: superseded === 0 ? 'good' : 'info',
    word: superseded === 0 ? 'none came late' : 'came after a newer one',
    beside: [{ text: `beside ${formatNumber(changes)} changes taken`, condition: 'none' }],
    spark: undefined,
    to: changesAsked(range, { kind: 'superseded' }),
  };
}
