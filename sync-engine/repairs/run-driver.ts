import { setTimeout as delay } from 'node:timers/promises';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { CaseIndex } from '../cases/case-index.ts';
import { Pacer } from './pacer.ts';
import {
  countOutcomes,
  cutOffBadly,
  isActive,
  isNext,
  isSettled,
  isUnderWay,
  nextWave,
  tooManyFailed,
} from './ramp.ts';
import type { RunStore, StoredItem, StoredRun } from './run-store.ts';
import { GONE, outcomeOf } from './replay-item.ts';
import { type AttemptOptions, tellItem, tryItem } from './attempts.ts';

export interface RunDriverOptions extends AttemptOptions {
  store: RunStore;
  index: CaseIndex;
  /** Why the next replays should wait, if they should. */
  reasonToWait: (run: { fingerprint: string; systems: Iterable<string> }) => string | undefined;
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
  /** What a predecessor told of its last wave. */
  #judged = false;
  /** One pace from wave to wave. */
  readonly #pacer = new Pacer();
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
      await this.#demandWholeList();
      while (!signal.aborted && (await this.#hasWork())) await this.#next(signal);
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

  /** @throws where items are missing that the run has; those of a run long past are taken out altogether. */
  async #demandWholeList(): Promise<void> {
    const { items, status } = await this.#reload();
    const found = this.#items.size;
    if (found > 0 && found < items) throw new Error(`only ${found} of ${items} items could be read`);
    if (found > 0 || items === 0 || status === 'aborted') return;
    const message = 'Which cases it was to repair is no longer kept.';
    await this.#report({ status: 'aborted', message, counts: { left_out: items } });
  }

  /** Whoever paused the run may have done so before what was told last was counted. */
  async #hasWork(): Promise<boolean> {
    if (isActive(await this.#reload())) return true;
    if (this.#items.size > 0) await this.#report({});
    return isActive(this.#stored.run);
  }

  async #next(signal: AbortSignal): Promise<void> {
    const { status } = this.#stored.run;
    if (status === 'trying') return this.#tryAll(signal);
    if (status === 'replaying') return this.#replaySome(signal);
    if (status === 'aborted') await this.#leaveOut(signal);
    await this.#hearNews();
    await this.#report({});
    return this.#rest(LOOK_AGAIN_MS);
  }

  async #tryAll(signal: AbortSignal): Promise<void> {
    const { repair } = this.#stored.run;
    const pending = [...this.#items.values()].filter(({ item }) => item.outcome === 'pending');
    await inParallel(pending, TRIALS_AT_ONCE, async (stored) => {
      await this.#pacer.turn(TRIALS_PER_S, signal);
      if (signal.aborted || (await this.#status()) !== 'trying') return;
      await this.#put(stored, await tryItem(stored.item, repair, this.#options));
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
    const obstacle = () => this.#options.reasonToWait({ fingerprint: run.fingerprint, systems });
    const why = obstacle();
    if (why !== undefined) {
      await this.#hearNews();
      await this.#report({ message: `Waiting. ${why}`.slice(0, 1000) });
      return this.#rest(REST_MS);
    }
    const size = nextWave(run.wave);
    const before = this.#judged ? undefined : cutOffBadly(run, this.#items.values(), size);
    this.#judged = true;
    if (before !== undefined) return this.#report({ status: 'paused', message: before, wave: 0 });
    await this.#report({ message: '' });
    const begun = [...this.#items.values()].filter(({ item }) => item.outcome === 'replaying');
    // Messages come after the orders they are about, and those have to be past their step first.
    const together = waiting.filter(({ item }) => item.outcome === waiting[0]?.item.outcome);
    const fresh = together.slice(0, Math.max(0, size - begun.length));
    const goesOn = async () => !signal.aborted && (await this.#status()) === 'replaying' && obstacle() === undefined;
    const wave = begun.map(({ item }) => item.case_id);
    await inParallel(fresh, TOLD_AT_ONCE, async (stored) => {
      // Who need not be told needs no turn either: at a slow pace that would be a long wait for nothing.
      if (!(await goesOn())) return;
      await this.#pacer.turn(run.rate_per_s, signal);
      if (!(await goesOn())) return;
      await this.#put(stored, await tellItem(stored.item, run, this.#options));
      wave.push(stored.item.case_id);
      await this.#progress();
    });
    await this.#untilSettled(wave, signal);
    if (signal.aborted || (await this.#status()) !== 'replaying') return;
    const failed = tooManyFailed(wave.flatMap((id) => this.#items.get(id)?.item ?? []));
    // One that an obstacle cut short has not shown that a larger one may follow.
    const whole = wave.length === begun.length + fresh.length;
    // Whoever lets it go on begins with small waves again.
    if (failed !== undefined) await this.#report({ status: 'paused', message: failed, wave: 0 });
    else await this.#report(whole ? { wave: size } : {});
  }

  /** Until the flow has answered for every case of a wave; those that await a person are not waited for. */
  async #untilSettled(wave: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const open = wave.filter((id) => this.#items.get(id)?.item.outcome === 'replaying');
      if (open.length === 0 || signal.aborted) return;
      if (!(await this.#restUntilNews())) {
        for (const id of open) this.#news.add(id);
        await this.#report({ message: `Waiting. ${open.length} told to replay are not past their step yet.` });
      }
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
      const now = current === undefined ? GONE : outcomeOf(current.state, this.#stored.run);
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
    if (this.#news.size > 0 || this.#stale) return true;
    const awake = new AbortController();
    this.#wake = () => awake.abort();
    await delay(ms, undefined, { signal: awake.signal }).catch(() => undefined);
    this.#wake = () => {};
    if (awake.signal.aborted) await this.#reload();
    return awake.signal.aborted;
  }
}

const awaiting = (count: number): string => `Waiting. ${count} await a second person.`;
