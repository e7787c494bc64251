import { setTimeout as delay } from 'node:timers/promises';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import type { Log } from '#platform/log.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { CaseIndex } from '../cases/case-index.ts';
import { Pacer } from './pacer.ts';
import { countOutcomes, isActive, isNext, isSettled, isUnderWay, nextWave, tooManyFailed } from './ramp.ts';
import type { RunStore, StoredItem, StoredRun } from './run-store.ts';
import { outcomeOf, replayItem, type ReplayItemOptions } from './replay-item.ts';
import type { Trial } from './trial.ts';

export interface RunDriverOptions extends ReplayItemOptions {
  store: RunStore;
  trial: Trial;
  index: CaseIndex;
  /** Why the next replays should wait, if they should. */
  reasonToWait: (run: { fingerprint: string; systems: Iterable<string> }) => string | undefined;
  log: Log;
}

/** Trials a second: each reads two messages and prepares calls, on the thread that live orders need. */
const TRIALS_PER_S = 100;
const TRIALS_AT_ONCE = 2;
/** Telling a case takes some ten messages to and fro; the flow then goes its own way. */
const TOLD_AT_ONCE = 8;
/** A case whose change was not heard of is looked up again after this. */
const LOOK_AGAIN_MS = 5_000;
/** Progress is written at most this often. */
const PROGRESS_MS = 500;
/** How long a run that has to wait rests before it looks again. */
const REST_MS = 1_000;

/** Somebody else writes this run: the lease was lost. */
class Superseded extends Error {}

/**
 * Carries one run from where it stands, until it has nothing more to do or the signal aborts. Every outcome is written
 * before it counts, and what was cut off is found again on the cases themselves.
 */
export class RunDriver {
  readonly #options: RunDriverOptions;
  readonly #id: string;
  readonly #items = new Map<string, StoredItem>();
  /** Cases that are said to have changed. */
  readonly #news = new Set<string>();
  #run: StoredRun | undefined;
  #stale = false;
  #wake = () => {};
  #reported = 0;
  #reporting: Promise<void> = Promise.resolve();

  constructor(id: string, options: RunDriverOptions) {
    this.#id = id;
    this.#options = options;
  }

  /** To be told of the run as others see it: paused, resumed, aborted. */
  heard(run: RepairRun): void {
    if (run.revision <= (this.#run?.run.revision ?? 0)) return;
    this.#stale = true;
    this.#wake();
  }

  async drive(signal: AbortSignal): Promise<void> {
    const { store, index } = this.#options;
    for (const stored of await store.items(this.#id)) this.#items.set(stored.item.case_id, stored);
    const stopListening = index.onChange(({ case_id }) => {
      if (!this.#items.has(case_id)) return;
      this.#news.add(case_id);
      this.#wake();
    });
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      // What was under way when a predecessor stopped may have ended unheard.
      for (const { item } of this.#underWay()) this.#news.add(item.case_id);
      while (!signal.aborted && isActive(await this.#reload())) await this.#next(signal);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    } finally {
      signal.removeEventListener('abort', wake);
      stopListening();
    }
  }

  /** The run as last read or written. */
  get #stored(): StoredRun {
    if (this.#run === undefined) throw new Error('the run has not been read yet');
    return this.#run;
  }

  async #next(signal: AbortSignal): Promise<void> {
    switch (this.#stored.run.status) {
      case 'trying':
        return this.#tryAll(signal);
      case 'replaying':
        return this.#replaySome(signal);
      case 'aborted':
        await this.#leaveOut(signal);
        await this.#hearNews();
        await this.#report({});
        return this.#rest(LOOK_AGAIN_MS);
      default:
        await this.#hearNews();
        await this.#report({});
        return this.#rest(LOOK_AGAIN_MS);
    }
  }

  async #tryAll(signal: AbortSignal): Promise<void> {
    const pace = new Pacer(TRIALS_PER_S);
    const { repair } = this.#stored.run;
    const pending = [...this.#items.values()].filter(({ item }) => item.outcome === 'pending');
    await inParallel(pending, TRIALS_AT_ONCE, async (stored) => {
      await pace.turn(signal);
      if (signal.aborted || (await this.#status()) !== 'trying') return;
      await this.#put(stored, await this.#options.trial.run(stored.item, repair));
      await this.#progress();
    });
    if (!signal.aborted && (await this.#status()) === 'trying') await this.#report({ status: 'tried' });
  }

  /** One wave: those of it that are under way already, and as many more as it holds. */
  async #replaySome(signal: AbortSignal): Promise<void> {
    const waiting = this.#ready();
    if (waiting.length === 0) {
      await this.#hearNews();
      const under = this.#underWay();
      if (under.length === 0) return void (await this.#report({ status: 'done', message: '' }));
      const approvals = under.filter(({ item }) => item.outcome === 'awaits_approval').length;
      await this.#report({ message: approvals === under.length ? awaiting(approvals) : '' });
      return this.#rest(LOOK_AGAIN_MS);
    }
    const { run } = this.#stored;
    const systems = new Set(waiting.flatMap(({ item }) => item.systems));
    const obstacle = this.#options.reasonToWait({ fingerprint: run.fingerprint, systems });
    if (obstacle !== undefined) {
      await this.#hearNews();
      await this.#report({ message: `Waiting. ${obstacle}` });
      return this.#rest(REST_MS);
    }
    const size = nextWave(run.wave);
    await this.#report({ message: '' });
    const begun = [...this.#items.values()].filter(({ item }) => item.outcome === 'replaying');
    const fresh = waiting.slice(0, Math.max(0, size - begun.length));
    const wave = [...begun, ...fresh].map(({ item }) => item.case_id);
    const pace = new Pacer(run.rate_per_s);
    await inParallel(fresh, TOLD_AT_ONCE, async (stored) => {
      await pace.turn(signal);
      if (signal.aborted || (await this.#status()) !== 'replaying') return;
      await this.#put(stored, await replayItem(stored.item, run, this.#options));
      await this.#progress();
    });
    await this.#untilSettled(wave, signal);
    if (signal.aborted || (await this.#status()) !== 'replaying') return;
    const failed = tooManyFailed(wave.flatMap((id) => this.#items.get(id)?.item ?? []));
    // Whoever lets it go on begins with small waves again.
    await this.#report(failed === undefined ? { wave: size } : { status: 'paused', message: failed, wave: 0 });
  }

  /** Until the flow has answered for every case of a wave; those that await a person are not waited for. */
  async #untilSettled(wave: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const open = wave.filter((id) => this.#items.get(id)?.item.outcome === 'replaying');
      if (open.length === 0 || signal.aborted) return;
      if (!(await this.#restUntilNews())) for (const id of open) this.#news.add(id);
      await this.#hearNews();
      await this.#progress();
      if ((await this.#status()) !== 'replaying') return;
    }
  }

  /** Looks at the cases that are said to have changed. */
  async #hearNews(): Promise<void> {
    const ids = [...this.#news];
    this.#news.clear();
    for (const id of ids) {
      const stored = this.#items.get(id);
      if (stored === undefined || !isUnderWay(stored.item)) continue;
      const current = await this.#options.cases.get(id);
      if (current === undefined) continue;
      const now = outcomeOf(current.state, this.#stored.run);
      if (now.outcome !== stored.item.outcome) await this.#put(stored, now);
    }
  }

  async #leaveOut(signal: AbortSignal): Promise<void> {
    const rest = [...this.#items.values()].filter(({ item }) => !isSettled(item) && !isUnderWay(item));
    await inParallel(rest, 100, async (stored) => {
      if (!signal.aborted) await this.#put(stored, { outcome: 'left_out', message: '' });
    });
  }

  async #put(stored: StoredItem, patch: Partial<RepairItem>): Promise<void> {
    const next = await this.#options.store.putItem(stored, patch);
    if (next === undefined) throw new Superseded();
    this.#items.set(next.item.case_id, next);
  }

  #ready(): StoredItem[] {
    return [...this.#items.values()].filter(({ item }) => isNext(item));
  }

  #underWay(): StoredItem[] {
    return [...this.#items.values()].filter(({ item }) => isUnderWay(item));
  }

  async #progress(): Promise<void> {
    const now = performance.now();
    if (now - this.#reported < PROGRESS_MS) return;
    this.#reported = now;
    await this.#report({});
  }

  /** Writes the run where it differs, one report after the other. */
  #report(patch: Partial<RepairRun>): Promise<void> {
    const reporting = this.#reporting.then(() => this.#write(patch));
    this.#reporting = reporting.catch(() => undefined);
    return reporting;
  }

  /** A command that was first is taken over, and wins. */
  async #write(patch: Partial<RepairRun>): Promise<void> {
    const { store } = this.#options;
    const { run } = this.#stored;
    const after = { counts: countOutcomes([...this.#items.values()].map(({ item }) => item)), ...patch };
    const same = Object.entries(after).every(
      ([name, value]) => JSON.stringify(run[name as keyof RepairRun]) === JSON.stringify(value),
    );
    if (same) return;
    const changed = await store.change(this.#stored, after);
    if (changed !== undefined) this.#run = changed;
    else await this.#reload();
  }

  async #status(): Promise<RepairRun['status']> {
    return (this.#stale ? await this.#reload() : this.#stored.run).status;
  }

  async #reload(): Promise<RepairRun> {
    this.#stale = false;
    const now = await this.#options.store.get(this.#id);
    if (now === undefined) throw new Superseded();
    this.#run = now;
    return now.run;
  }

  async #rest(ms: number): Promise<void> {
    if (!(await this.#restUntilNews(ms))) for (const { item } of this.#underWay()) this.#news.add(item.case_id);
    await this.#reload();
  }

  /** @returns false where nothing was heard for that long. */
  async #restUntilNews(ms = LOOK_AGAIN_MS): Promise<boolean> {
    if (this.#news.size > 0) return true;
    const awake = new AbortController();
    this.#wake = () => awake.abort();
    await delay(ms, undefined, { signal: awake.signal }).catch(() => undefined);
    this.#wake = () => {};
    if (awake.signal.aborted) await this.#reload();
    return awake.signal.aborted;
  }
}

const awaiting = (count: number): string => `Waiting. ${count} await a second person.`;
