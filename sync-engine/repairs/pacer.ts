import { setTimeout as delay } from 'node:timers/promises';

/** Lets so many a second pass, evenly; none is saved up while nobody comes. */
export class Pacer {
  #next = 0;

  /** Resolves when the next may go, or at once where the signal aborts. */
  async turn(perSecond: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + 1000 / perSecond;
    if (at > now) await delay(at - now, undefined, { signal }).catch(() => undefined);
  }
}
