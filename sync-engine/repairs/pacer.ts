import { setTimeout as delay } from 'node:timers/promises';

/** Lets so many a second pass, evenly; none is saved up while nobody comes. */
export class Pacer {
  readonly #intervalMs: number;
  #next = 0;

  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
  }

  /** Resolves when the next may go, or at once where the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#intervalMs;
    if (at > now) await delay(at - now, undefined, { signal }).catch(() => undefined);
  }
}
