const WINDOW_S = 60;

/** Events a second over the last minute. */
export class RateMeter {
  readonly #now: () => number;
  readonly #counts = new Array<number>(WINDOW_S).fill(0);
  #second = 0;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
    this.#second = this.#currentSecond();
  }

  count(): void {
    this.#advance();
    this.#counts[this.#second % WINDOW_S] = (this.#counts[this.#second % WINDOW_S] ?? 0) + 1;
  }

  perSecond(): number {
    this.#advance();
    return Math.round((this.#counts.reduce((sum, count) => sum + count, 0) / WINDOW_S) * 100) / 100;
  }

  #currentSecond(): number {
    return Math.floor(this.#now() / 1000);
  }

  #advance(): void {
    const second = this.#currentSecond();
    const passed = Math.min(WINDOW_S, second - this.#second);
    for (let i = 1; i <= passed; i++) this.#counts[(this.#second + i) % WINDOW_S] = 0;
    this.#second = second;
  }
}
