import { setTimeout as delay } from 'node:timers/promises';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { type AttemptOptions, tellItem, tryItem } from './attempts.ts';
import { Pacer } from './pacer.ts';
import { cutOffBadly, isActive, isNext, isSettled, isUnderWay, nextWave, tooManyFailed, waitsFor } from './ramp.ts';
import { RunLedger, Superseded } from './run-ledger.ts';
import { RunNews, type RunNewsOptions } from './run-news.ts';
import type { RunStore, StoredItem } from './run-store.ts';

export interface RunDriverOptions extends AttemptOptions, RunNewsOptions {
  store: RunStore;
  now: () => Date;
  /** Why the next replays should wait, if they should. */
  reasonToWait: (run: { fingerprint: string; systems: Iterable<string> }) => string | undefined;
}

/** Writing the longest list takes seconds. Whoever is not done with it after this has been cut off. */
export const LISTING_MS = 120_000;
/** Trials a second: each reads two messages and prepares calls, on the thread that live orders need. */
const TRIALS_PER_S = 100;
const TRIALS_AT_ONCE = 2;
/** Telling a case takes some ten messages to and fro; the flow then goes its own way. */
const TOLD_AT_ONCE = 8;
/** A case whose change was not heard of is looked up again after this. */
const LOOK_AGAIN_MS = 5_000;
/** How long a run that has to wait rests before it looks again. */
const REST_MS = 1_000;

/**
 * Carries one run from where it stands, until it has nothing more to do or the signal aborts. What was cut off is found
 * again on the cases themselves.
 */
export class RunDriver {
  readonly #options: RunDriverOptions;
  readonly #ledger: RunLedger;
  readonly #news: RunNews;
  /** One pace from wave to wave. */
  readonly #pacer = new Pacer();
  #wake = () => {};
  /** The wave that a predecessor was cut off in has been looked at. */
  #judged = false;

  constructor(id: string, options: RunDriverOptions) {
    this.#options = options;
    this.#ledger = new RunLedger(id, options.store);
    this.#news = new RunNews(this.#ledger, options);
  }

  /** To be told of the run as others see it: paused, resumed, aborted. */
  heard(run: RepairRun): void {
    if (this.#ledger.heard(run)) this.#wake();
  }

  async drive(signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    let stopListening = () => {};
    signal.addEventListener('abort', wake, { once: true });
    try {
      await this.#untilListed(signal);
      if (signal.aborted) return;
      await this.#ledger.open();
      stopListening = this.#news.listen(wake);
      while (!signal.aborted && (await this.#hasWork())) await this.#next(signal);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    } finally {
      signal.removeEventListener('abort', wake);
      stopListening();
    }
  }

  async #untilListed(signal: AbortSignal): Promise<void> {
    const ledger = this.#ledger;
    while (!signal.aborted) {
      const { status, updated_at } = await ledger.reload();
      if (status !== 'listing') return;
      const leftMs = Date.parse(updated_at) + LISTING_MS - this.#options.now().getTime();
      if (leftMs > 0) await this.#restUntilNews(leftMs);
      else await ledger.giveUpListing('Whoever made the list was cut off, so nothing was tried. Try the repair again.');
    }
  }

  /** Whoever paused the run may have done so before what was told last was counted. */
  async #hasWork(): Promise<boolean> {
    if (isActive(await this.#ledger.reload())) return true;
    if (this.#ledger.size > 0) await this.#ledger.report({});
    return isActive(this.#ledger.run);
  }

  async #next(signal: AbortSignal): Promise<void> {
    const { status } = this.#ledger.run;
    if (status === 'trying') return this.#tryAll(signal);
    if (status === 'replaying') return this.#replaySome(signal);
    if (status === 'aborted') await this.#leaveOut(signal);
    await this.#news.hear();
    await this.#ledger.report({});
    return this.#rest(LOOK_AGAIN_MS);
  }

  async #tryAll(signal: AbortSignal): Promise<void> {
    const ledger = this.#ledger;
    const { repair } = ledger.run;
    const pending = ledger.where(({ outcome }) => outcome === 'pending');
    await inParallel(pending, TRIALS_AT_ONCE, async (stored) => {
      await this.#pacer.turn(TRIALS_PER_S, signal);
      if (signal.aborted || (await ledger.status()) !== 'trying') return;
      await ledger.put(stored, await tryItem(stored.item, repair, this.#options));
      await ledger.progress();
    });
    if (!signal.aborted && (await ledger.status()) === 'trying') await ledger.report({ status: 'tried' });
  }

  /** The next wave, or what stands in its way. */
  async #replaySome(signal: AbortSignal): Promise<void> {
    const ledger = this.#ledger;
    const waiting = ledger.where(isNext);
    if (waiting.length === 0) return this.#finish();
    const obstacle = this.#obstacle(waiting);
    const why = obstacle();
    if (why !== undefined) {
      await this.#news.hear();
      await ledger.report({ message: `Waiting. ${why}`.slice(0, 1000) });
      return this.#rest(REST_MS);
    }
    const size = nextWave(ledger.run.wave);
    const before = this.#judged
      ? undefined
      : cutOffBadly(
          ledger.run,
          ledger.where(() => true),
          size,
        );
    this.#judged = true;
    if (before !== undefined) return ledger.report({ status: 'paused', message: before, wave: 0 });
    return this.#wave(waiting, size, obstacle, signal);
  }

  /** Nothing is left to be told: done, once what is under way has ended. */
  async #finish(): Promise<void> {
    const ledger = this.#ledger;
    await this.#news.hear();
    const under = ledger.underWay();
    if (under.length === 0) return ledger.report({ status: 'done', message: '' });
    await ledger.report({ message: waitsFor(under.map(({ item }) => item)) });
    return this.#rest(LOOK_AGAIN_MS);
  }

  #obstacle(waiting: readonly StoredItem[]): () => string | undefined {
    const { fingerprint } = this.#ledger.run;
    const systems = new Set(waiting.flatMap(({ item }) => item.systems));
    return () => this.#options.reasonToWait({ fingerprint, systems });
  }

  /** Those of the wave that are under way already, and as many more as it holds. */
  async #wave(
    waiting: readonly StoredItem[],
    size: number,
    obstacle: () => string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const ledger = this.#ledger;
    const { run } = ledger;
    await ledger.report({ message: '' });
    const wave = ledger.where(({ outcome }) => outcome === 'replaying').map(({ item }) => item.case_id);
    // Messages come after the orders they are about, and those have to be past their step first.
    const alike = waiting.filter(({ item }) => item.outcome === waiting[0]?.item.outcome);
    const fresh = alike.slice(0, Math.max(0, size - wave.length));
    const planned = wave.length + fresh.length;
    const goesOn = async () => !signal.aborted && (await ledger.status()) === 'replaying' && obstacle() === undefined;
    await inParallel(fresh, TOLD_AT_ONCE, async (stored) => {
      // Who need not be told needs no turn either: at a slow pace that would be a long wait for nothing.
      if (!(await goesOn())) return;
      await this.#pacer.turn(run.rate_per_s, signal);
      if (!(await goesOn())) return;
      await ledger.put(stored, await tellItem(stored.item, run, this.#options));
      wave.push(stored.item.case_id);
      await ledger.progress();
    });
    await this.#untilSettled(wave, signal);
    if (signal.aborted || (await ledger.status()) !== 'replaying') return;
    const failed = tooManyFailed(wave.flatMap((id) => ledger.item(id)?.item ?? []));
    // Whoever lets it go on begins with small waves again.
    if (failed !== undefined) await ledger.report({ status: 'paused', message: failed, wave: 0 });
    // One that an obstacle cut short has not shown that a larger one may follow.
    else await ledger.report(wave.length === planned ? { wave: size } : {});
  }

  /** Until the flow has answered for every case of a wave; those that await a person, or that one holds, are not. */
  async #untilSettled(wave: readonly string[], signal: AbortSignal): Promise<void> {
    const ledger = this.#ledger;
    for (;;) {
      const open = wave.filter((id) => ledger.item(id)?.item.outcome === 'replaying');
      if (open.length === 0 || signal.aborted) return;
      if (!(await this.#restUntilNews())) {
        this.#news.lookAgain();
        await ledger.report({ message: `Waiting. ${open.length} told to replay are not past their step yet.` });
      }
      await this.#news.hear();
      await ledger.progress();
      if ((await ledger.status()) !== 'replaying') return;
    }
  }

  async #leaveOut(signal: AbortSignal): Promise<void> {
    const untold = (item: RepairItem) => !isSettled(item) && !isUnderWay(item);
    await inParallel(this.#ledger.where(untold), 100, async (stored) => {
      if (!signal.aborted) await this.#ledger.put(stored, { outcome: 'left_out', message: '' });
    });
  }

  async #rest(ms: number): Promise<void> {
    if (!(await this.#restUntilNews(ms))) this.#news.lookAgain();
    await this.#ledger.reload();
  }

  /** @returns false where nothing was heard for that long. */
  async #restUntilNews(ms = LOOK_AGAIN_MS): Promise<boolean> {
    if (this.#news.isDue || this.#ledger.isStale) return true;
    const awake = new AbortController();
    this.#wake = () => awake.abort();
    await delay(ms, undefined, { signal: awake.signal }).catch(() => undefined);
    this.#wake = () => {};
    if (awake.signal.aborted) await this.#ledger.reload();
    return awake.signal.aborted;
  }
}
