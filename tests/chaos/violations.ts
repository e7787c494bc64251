const SHOWN = 5;

/** What was found wrong, by kind: how often, and the first few. */
export class Violations {
  readonly #kinds = new Map<string, { count: number; examples: string[] }>();

  add(kind: string, example: string): void {
    const known = this.#kinds.get(kind) ?? { count: 0, examples: [] };
    known.count++;
    if (known.examples.length < SHOWN) known.examples.push(example);
    this.#kinds.set(kind, known);
  }

  /** Adds where the two differ. */
  expect(kind: string, what: string, actual: unknown, wanted: unknown): void {
    if (actual !== wanted) this.add(kind, `${what}: ${String(actual)} instead of ${String(wanted)}`);
  }

  get total(): number {
    return [...this.#kinds.values()].reduce((sum, { count }) => sum + count, 0);
  }

  has(kind: string): boolean {
    return this.#kinds.has(kind);
  }

  list(): { kind: string; count: number; examples: string[] }[] {
    return [...this.#kinds].map(([kind, { count, examples }]) => ({ kind, count, examples }));
  }
}
