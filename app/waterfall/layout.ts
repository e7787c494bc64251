import { statusOf, stepLabel, stepRank, type StatusWords } from '../words/steps.ts';
import { joinAttempts, type Attempt, type TraceEvent } from './bars.ts';
import { criticalPath, longestStretches, type Stretch } from './critical-path.ts';
import { busyStretches, timeScale, type Interval, type TimeScale } from './scale.ts';
import { waitsBetween } from './waits.ts';

/** Left edge and width in percent of the track. */
export interface Extent {
  offset: number;
  width: number;
}

export interface LaneRow {
  kind: 'lane';
  id: string;
  system: string;
  name: string;
  /** Attempts in the lane, and how many of them failed. */
  count: number;
  failed: number;
}

export interface BarRow extends Extent {
  kind: 'bar';
  id: string;
  system: string;
  label: string;
  status: StatusWords;
  attempt: Attempt;
  /** "attempt 2", "replay 1", "replay 1, attempt 2"; empty for a first attempt. */
  which: string;
  running: boolean;
  /** Milliseconds; up to `now` while it runs. */
  duration: number;
  /** It decided when the transaction got where it is. */
  critical: boolean;
  wait: (Extent & { label: string; duration: number }) | undefined;
  /** Shown inline under the bar when the attempt failed. */
  message: string;
}

/** Stands for a span that others name as their parent but that was never recorded. */
export interface PlaceholderRow extends Extent {
  kind: 'placeholder';
  id: string;
  system: string;
  label: string;
  children: number;
}

export type WaterfallRow = LaneRow | BarRow | PlaceholderRow;

export interface Waterfall {
  rows: readonly WaterfallRow[];
  scale: TimeScale;
  start: number;
  end: number;
  /** Share of the whole time in which nothing ran, from 0 to 1. */
  idle: number;
  /** What the transaction waited for longest, in all; waits beside something that ran do not count. */
  waits: readonly Stretch[];
  running: boolean;
}

export interface LayoutOptions {
  /** Milliseconds since 1970; where running attempts are drawn to. */
  now: number;
  nameOf: (system: string) => string;
  /** Draw long waits shorter than they were. */
  squeeze: boolean;
}

/** Waits that are named in words. */
const WAITS_NAMED = 4;
const failing = new Set(['failed', 'quarantined', 'retrying']);

/**
 * Lays a transaction's events out as swim lanes: systems in flow order, within a lane steps by their first start and
 * the attempts of one step together. Pure: the same events and `now` give the same picture.
 */
export function layoutWaterfall(events: readonly TraceEvent[], options: LayoutOptions): Waterfall {
  const attempts = joinAttempts(events);
  const intervals = attempts.map((attempt) => intervalOf(attempt, options.now));
  const scale = timeScale(intervals, options.squeeze);
  const start = intervals.reduce((least, part) => Math.min(least, part.start), Infinity);
  const end = intervals.reduce((most, part) => Math.max(most, part.end), -Infinity);
  const busy = busyStretches(intervals).reduce((sum, part) => sum + part.end - part.start, 0);
  const between = waitsBetween(attempts, options.nameOf);
  const waits = new Map(between.map((wait) => [wait.id, wait]));
  const critical = criticalPath(attempts, options.now);

  const lanes = laneOrder(attempts).map((system) => {
    const inLane = attempts.filter((attempt) => laneOf(attempt) === system);
    const header: LaneRow = {
      kind: 'lane',
      id: `lane:${system}`,
      system,
      name: options.nameOf(system),
      count: inLane.length,
      failed: inLane.filter((attempt) => failing.has(attempt.status)).length,
    };
    const bars = stacked(inLane).map((attempt): BarRow => {
      const wait = waits.get(attempt.id);
      const span = intervalOf(attempt, options.now);
      return {
        kind: 'bar',
        id: attempt.id,
        system,
        label: stepLabel(attempt.event.step),
        status: statusOf(attempt.status),
        attempt,
        which: whichAttempt(attempt),
        running: attempt.end === undefined,
        duration: span.end - span.start,
        critical: critical.has(attempt.id),
        ...extent(scale, span),
        wait: wait && { ...extent(scale, wait), label: wait.label, duration: wait.end - wait.start },
        message: failing.has(attempt.status) || attempt.status === 'degraded' ? attempt.event.error_message : '',
      };
    });
    return [header, ...bars];
  });

  const rows = attempts.length === 0 ? [] : [...placeholders(attempts, scale, options.now), ...lanes.flat()];
  return {
    rows,
    scale,
    start: attempts.length === 0 ? options.now : start,
    end: attempts.length === 0 ? options.now : end,
    idle: end > start ? 1 - busy / (end - start) : 0,
    waits: longestStretches(
      between.map(({ label, start, end }) => ({ label, duration: end - start })),
      WAITS_NAMED,
    ),
    running: attempts.some((attempt) => attempt.end === undefined),
  };
}

function intervalOf(attempt: Attempt, now: number): Interval {
  return { start: attempt.start, end: Math.max(attempt.end ?? now, attempt.start) };
}

function extent(scale: TimeScale, span: Interval): Extent {
  const offset = scale.at(span.start);
  return { offset, width: Math.max(scale.at(span.end) - offset, 0) };
}

/** Steps inside the engine have a lane of their own, whatever system's data they work on. */
function laneOf(attempt: Attempt): string {
  return attempt.event.system;
}

function laneOrder(attempts: readonly Attempt[]): string[] {
  const rank = new Map<string, number>();
  for (const attempt of attempts) {
    const lane = laneOf(attempt);
    rank.set(lane, Math.min(rank.get(lane) ?? Infinity, stepRank(attempt.event.step)));
  }
  return [...rank].sort((a, b) => a[1] - b[1]).map(([lane]) => lane);
}

/** Attempts of one step together, steps by the start of their first attempt. */
function stacked(attempts: readonly Attempt[]): Attempt[] {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(attempt.event.step);
    if (group) group.push(attempt);
    else groups.set(attempt.event.step, [attempt]);
  }
  return [...groups.values()].flat();
}

function whichAttempt({ run, event }: Attempt): string {
  const parts = [run > 0 ? `replay ${run}` : '', event.attempt > 1 ? `attempt ${event.attempt}` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * A parent that is named but absent. The parent of the very first attempt is the outside caller (its `traceparent`),
 * so it is no gap and gets no row.
 */
function placeholders(attempts: readonly Attempt[], scale: TimeScale, now: number): PlaceholderRow[] {
  const known = new Set(attempts.map((attempt) => attempt.event.span_id));
  const caller = attempts[0]?.event.parent_span_id;
  const missing = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const parent = attempt.event.parent_span_id;
    if (parent === '' || parent === caller || known.has(parent)) continue;
    missing.set(parent, [...(missing.get(parent) ?? []), attempt]);
  }
  return [...missing].map(([parent, children]) => {
    const spans = children.map((child) => intervalOf(child, now));
    const span = { start: Math.min(...spans.map((s) => s.start)), end: Math.max(...spans.map((s) => s.end)) };
    const label = `Not recorded (span ${parent.slice(0, 8)})`;
    return {
      kind: 'placeholder',
      id: `parent:${parent}`,
      system: '',
      label,
      children: children.length,
      ...extent(scale, span),
    };
  });
}
