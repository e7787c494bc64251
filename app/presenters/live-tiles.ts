import { failedPostingsTarget, figures, freshnessFloor, type FigureDefinition } from '#app/figures.ts';
import { figureDuration, formatDecimal, formatDuration, formatNumber, formatRate, formatRough } from '#app/format.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { absoluteChange, relativeChange, type Change } from './change.ts';
import type { Point } from './series.ts';

/** A tile as it is shown; see components/tile.tsx. */
export interface TileView {
  id: string;
  figure: FigureDefinition;
  value: string;
  unit: string;
  change: Change | undefined;
  /** "target 5 min" */
  target: string;
  condition: Condition;
  word: string;
  /** What belongs beside the figure: what waits, the oldest, the next breach. */
  beside: { text: string; condition: Condition }[];
  spark: { label: string; points: Point[]; target: number | undefined } | undefined;
  /** Where what it counts can be seen. */
  to: string;
}

export interface Waiting {
  waiting: number;
  oldest_at: string;
  late: number;
}

const besides = (...lines: (string | undefined | { text: string; condition: Condition })[]): TileView['beside'] =>
  lines.flatMap((line) =>
    line === undefined ? [] : [typeof line === 'string' ? { text: line, condition: 'none' as const } : line],
  );

const ageOf = (at: string, now: number): string => formatRough(Math.max(0, now - Date.parse(at)));

/** A share as per cent. What is not all is never shown as 100, what is not nothing never as 0. */
export function percent(share: number): string {
  if (share <= 0) return '0';
  if (share >= 1) return '100';
  if (share < 0.1) return Math.max(0.01, share * 100).toFixed(2);
  return (Math.floor(share * 1_000) / 10).toFixed(1);
}

export function ordersTile(input: {
  orders: number;
  orders_before: number;
  minutes: number;
  missing: { orders: number; value: { amount: string; currency: string } };
  points: Point[];
}): TileView {
  const { missing } = input;
  const silent = input.orders === 0;
  return {
    id: 'orders',
    figure: figures.ordersPerMinute,
    value: formatRate(input.orders / input.minutes),
    unit: 'per min',
    change: relativeChange(input.orders, input.orders_before, 'more'),
    target: '',
    condition: !silent ? 'good' : input.orders_before > 0 ? 'bad' : 'none',
    word: !silent ? 'arriving' : input.orders_before > 0 ? 'none arriving' : 'none yet',
    beside: besides(
      `${formatNumber(input.orders)} ${input.orders === 1 ? 'order' : 'orders'}`,
      missing.orders === 0
        ? undefined
        : {
            text: `${formatNumber(missing.orders)} never arrived, ${formatDecimal(missing.value.amount, 0)} ${missing.value.currency}`,
            condition: 'bad',
          },
    ),
    spark: { label: 'Orders per minute', points: input.points, target: undefined },
    // By acceptance, as the figure counts them: the list is otherwise of placed times.
    to: '/orders?accepted=1',
  };
}

export function latencyTile(input: {
  orders: number;
  latency: readonly (number | null)[];
  before: readonly (number | null)[];
  ordersBefore: number;
  within: number;
  waiting: Waiting;
  targetMs: number;
  now: number;
  points: Point[];
}): TileView {
  const [p50, p95, p99] = input.latency;
  const p95Before = input.before[1];
  const { waiting, late, oldest_at } = input.waiting;
  const measured = input.orders > 0 && p95 != null;
  const over = measured && p95 > input.targetMs;
  const figure = measured ? figureDuration(p95) : { value: '–', unit: '' };
  return {
    id: 'latency',
    figure: figures.orderSyncLatency,
    value: figure.value,
    unit: `${figure.unit} p95`.trim(),
    change:
      measured && input.ordersBefore > 0 && p95Before != null
        ? absoluteChange(p95, p95Before, formatDuration, 'less')
        : undefined,
    target: `target ${formatDuration(input.targetMs)}`,
    condition: over ? 'bad' : late > 0 ? 'warn' : measured ? 'good' : 'none',
    word: over
      ? 'over target'
      : late > 0
        ? `${formatNumber(late)} past deadline`
        : measured
          ? 'within target'
          : 'nothing confirmed',
    beside: besides(
      measured && p50 != null && p99 != null ? `p50 ${formatDuration(p50)}, p99 ${formatDuration(p99)}` : undefined,
      measured ? `${percent(input.within / input.orders)} % within target` : undefined,
      waiting === 0
        ? 'none waiting'
        : {
            text: `${formatNumber(waiting)} waiting, oldest ${ageOf(oldest_at, input.now)}${late > 0 ? `, ${formatNumber(late)} late` : ''}`,
            condition: late > 0 ? 'warn' : 'none',
          },
    ),
    spark: { label: 'p95 in milliseconds', points: input.points, target: input.targetMs },
    to: '/orders?problem=late',
  };
}

export function postingsTile(input: {
  postings: number;
  failed: number;
  postings_before: number;
  failed_before: number;
  points: Point[];
}): TileView {
  const share = input.postings === 0 ? 0 : input.failed / input.postings;
  const before = input.postings_before === 0 ? undefined : input.failed_before / input.postings_before;
  const none = input.postings === 0;
  const over = share > failedPostingsTarget;
  return {
    id: 'postings',
    figure: figures.failedPostings,
    value: none ? '–' : percent(share),
    unit: '%',
    change:
      none || before === undefined
        ? undefined
        : absoluteChange(share * 100, before * 100, (value) => `${value.toFixed(2)} pp`, 'less'),
    target: `target ≤ ${failedPostingsTarget * 100} %`,
    condition: none ? 'none' : over ? 'bad' : 'good',
    word: none ? 'none attempted' : over ? 'over target' : input.failed > 0 ? 'within target' : 'none failed',
    beside: besides(`${formatNumber(input.failed)} of ${formatNumber(input.postings)} failed`),
    spark: { label: 'Failed postings, per cent', points: input.points, target: failedPostingsTarget * 100 },
    to: '/postings?state=failed',
  };
}

export function freshnessTile(input: {
  items: number;
  stale: number;
  waiting: number;
  oldest_at: string;
  targetMs: number;
  now: number;
  points: Point[];
}): TileView {
  const none = input.items === 0;
  const share = none ? 1 : (input.items - input.stale) / input.items;
  return {
    id: 'freshness',
    figure: figures.inventoryFreshness,
    value: none ? '–' : percent(share),
    unit: '%',
    change: undefined,
    target: `target ${formatDuration(input.targetMs)}`,
    condition: none ? 'none' : input.stale === 0 ? 'good' : share < freshnessFloor ? 'bad' : 'warn',
    word: none ? 'no stock known' : input.stale === 0 ? 'all fresh' : `${formatNumber(input.stale)} stale`,
    beside: besides(
      none ? undefined : `${formatNumber(input.items)} items`,
      input.waiting > 0
        ? `${formatNumber(input.waiting)} waiting, oldest ${ageOf(input.oldest_at, input.now)}`
        : undefined,
    ),
    spark: { label: 'Publication latency p95 in milliseconds', points: input.points, target: input.targetMs },
    to: '/inventory?state=stale',
  };
}

export function casesTile(input: {
  cases: number;
  /** Those of them whose cause is muted. */
  muted: number;
  /** In the reporting currency: of these cases, and of stuck orders without one. */
  atRisk: { amount: string; currency: string };
  stuck: number;
  /** What other currencies were turned into it by. */
  rates: string;
  oldest: string;
  late: number;
  nextBreach: string;
  now: number;
  points: Point[];
}): TileView {
  const none = input.cases === 0;
  const { amount, currency } = input.atRisk;
  const stuck = input.stuck > 0 ? `, with ${formatNumber(input.stuck)} stuck` : '';
  const atRiskWords = `${formatDecimal(amount, 0)} ${currency} at risk${stuck}`;
  return {
    id: 'cases',
    figure: { ...figures.openCases, rates: input.rates },
    value: formatNumber(input.cases),
    unit: input.cases === 1 ? 'case' : 'cases',
    change: undefined,
    target: '',
    condition: none ? 'good' : input.late > 0 ? 'bad' : 'warn',
    word: none ? 'none open' : input.late > 0 ? `${formatNumber(input.late)} past deadline` : 'waiting',
    beside: none
      ? besides(input.stuck > 0 ? { text: atRiskWords, condition: 'warn' } : undefined)
      : besides(
          atRiskWords,
          input.muted > 0 ? `${formatNumber(input.muted)} of them of muted causes` : undefined,
          `oldest ${ageOf(input.oldest, input.now)}`,
          input.nextBreach === ''
            ? undefined
            : `next breach in ${formatRough(Date.parse(input.nextBreach) - input.now)}`,
        ),
    spark: { label: 'Cases opened', points: input.points, target: undefined },
    // The list that is exactly as long as the figure says.
    to: input.muted > 0 ? '/quarantine?muted=show' : '/quarantine',
  };
}
