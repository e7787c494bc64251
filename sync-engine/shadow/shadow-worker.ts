import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ShadowRun } from '#contracts/v1/shadow.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { readAt } from '#platform/nats/publish.ts';
import type { Arrival } from '../arrivals/arrival.ts';
import { readIntakeHeaders } from '../intake/headers.ts';
import { isOutage } from '../outage.ts';
import { type Comparison, openComparison } from './change.ts';
import { differencesOf, notCuredDifference } from './differences.ts';
import { DifferenceGroups } from './groups.ts';
import { ordersBetween } from './latest-orders.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { ShadowRuns } from './shadow-runs.ts';
import type { ShadowStore, StoredShadow } from './shadow-store.ts';
import type { Looking } from './side.ts';

export interface ShadowWorkerOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  kinds: Pick<Kinds, 'topic'>;
  looking: Looking;
  store: ShadowStore;
  runs: ShadowRuns;
  now: () => Date;
  log: Log;
}

interface Found {
  groups: DifferenceGroups;
  notCured: DifferenceGroups;
}

const MOST_NOT_CURED = 50;
const PROGRESS_MS = 1_000;
const AGAIN_MS = 1_000;

/** Works through shadow runs, one at a time, for as long as the lease is held. */
export async function workOnShadows(signal: AbortSignal, options: ShadowWorkerOptions): Promise<void> {
  const { runs, store, log } = options;
  while (!signal.aborted) {
    const heard = runs.heard();
    const id = runs.next();
    const current = id === undefined ? undefined : await store.get(id);
    if (id === undefined || current?.state.status !== 'running') {
      await runs.news(heard, signal);
      continue;
    }
    try {
      await runShadow(current, signal, options);
      await store.tidy(id);
    } catch (error) {
      log.warn({ err: error, shadow: id }, 'a shadow run was cut off');
      if (!isOutage(error)) await fail(store, id, reasonOf(error));
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function fail(store: ShadowStore, id: string, message: string): Promise<void> {
  const current = await store.get(id);
  if (current?.state.status === 'running') await store.change(current, { status: 'failed', message });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000);

/**
 * Tries every order of a run from the first on: the list was fixed when it was asked for, so whoever takes a run over
 * comes to the same result.
 */
async function runShadow(from: StoredShadow, signal: AbortSignal, options: ShadowWorkerOptions): Promise<void> {
  const { store, runs, estate, looking } = options;
  const { shadow_id } = from.state;
  const comparison = openComparison(from.state.change, estate, looking);
  const found = { groups: new DifferenceGroups(), notCured: new DifferenceGroups(MOST_NOT_CURED) };
  const listed = () => ({ differences: found.groups.list(), not_cured: found.notCured.list() });
  const counts = { tried: 0, same: 0, different: 0, unknown: 0 };
  let current = from;
  let reported = performance.now();
  try {
    for (const [seq, refused] of await payloadsOf(from.state, options)) {
      const began = performance.now();
      const became = await compareOne(comparison, seq, refused, found, options);
      counts.tried++;
      counts[became]++;
      // At most half of what this process can do, and never two orders without a breath between them.
      await delay(performance.now() - began);
      if (signal.aborted || !runs.isRunning(shadow_id)) return;
      if (performance.now() - reported < PROGRESS_MS) continue;
      reported = performance.now();
      const progress = await store.change(current, { ...counts, ...listed() });
      // Somebody aborted it, or another replica works on it.
      if (progress === undefined) return;
      current = progress;
    }
    const missing = Math.max(0, current.state.wanted - counts.tried);
    const { left } = found.groups;
    const message = left === 0 ? '' : `${left} more differences are of groups beyond those listed.`;
    await store.change(current, {
      status: 'done',
      ...counts,
      // What has aged out of INTAKE since it was listed could not be tried.
      tried: counts.tried + missing,
      unknown: counts.unknown + missing,
      ...listed(),
      message,
    });
  } finally {
    await comparison.close();
  }
}

/** What is to be tried, oldest first: sequences on INTAKE, and whether an outside system refused that order. */
async function payloadsOf(
  { latest, cases = [] }: ShadowRun,
  { js, manager, kinds }: ShadowWorkerOptions,
): Promise<[number, boolean][]> {
  const seqs = latest === undefined ? [] : await ordersBetween(js, manager, kinds, latest.first_seq, latest.last_seq);
  const wanted = new Map(seqs.map((seq) => [seq, false]));
  for (const { seq, refused } of cases) wanted.set(seq, refused);
  return [...wanted].sort(([a], [b]) => a - b);
}

async function compareOne(
  comparison: Comparison,
  seq: number,
  refused: boolean,
  found: Found,
  { manager, now, log }: ShadowWorkerOptions,
): Promise<'same' | 'different' | 'unknown'> {
  const message = await readAt(manager, streams.intake, seq);
  if (message === undefined) return 'unknown';
  try {
    const arrival: Arrival = { seq, headers: readIntakeHeaders(message.header), body: message.data };
    const at = now();
    const before = await comparison.before.try(arrival, at);
    const after = await comparison.after(arrival, at, before, refused);
    if ('notCured' in after) {
      found.notCured.add(before.key, [notCuredDifference(before.result, after.notCured)]);
      return 'same';
    }
    const differences = differencesOf(before.result, after.result);
    found.groups.add(before.key, differences);
    return differences.length === 0 ? 'same' : 'different';
  } catch (error) {
    if (isOutage(error)) throw error;
    log.warn({ err: error, intake_seq: seq }, 'an order could not be tried in a shadow run');
    return 'unknown';
  }
}
