/** A bound on what runs at once, whose free places go to the lowest rank first. The limit may change as it runs. */
export class Slots {
  readonly #limit: () => number;
  readonly #waiting: { rank: number; go: () => void }[] = [];
  #taken = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Resolves once a place is ours; give it back with `release`. */
  async acquire(rank: number): Promise<void> {
    if (this.#taken < this.#limit() && this.#waiting.length === 0) {
      this.#taken++;
      return;
    }
    await new Promise<void>((go) => {
      this.#waiting.push({ rank, go });
      this.#waiting.sort((a, b) => a.rank - b.rank);
    });
  }

  release(): void {
    this.#taken--;
    this.admit();
  }

  /** Lets waiters in; call it when the limit has grown. */
  admit(): void {
    while (this.#taken < this.#limit()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken++;
      next.go();
    }
  }
}
