import { z } from 'zod';
import { compareAndSwap, getJson, type KV } from '#platform/nats/kv.ts';

const progress = z.object({
  /** Every batch up to this one is settled. */
  sequence: z.int().nonnegative(),
  /** Later ones that are settled already: set aside, or gone on with while one before them never came. */
  beyond: z.array(z.int().positive()),
});
type Progress = z.infer<typeof progress>;

/** How far each store's batches have come, durably. */
export class StoreSequences {
  readonly #kv: KV;

  constructor(kv: KV) {
    this.#kv = kv;
  }

  async of(system: string, store: string): Promise<Progress> {
    return (await getJson(this.#kv, keyOf(system, store), progress))?.value ?? nothing;
  }

  /** A batch is settled. Repeating it is harmless. */
  async settle(system: string, store: string, sequence: number): Promise<void> {
    for (;;) {
      const known = await getJson(this.#kv, keyOf(system, store), progress);
      const next = settled(known?.value ?? nothing, sequence);
      if (next === undefined) return;
      const text = JSON.stringify(next);
      if ((await compareAndSwap(this.#kv, keyOf(system, store), text, known?.revision ?? 0)) !== undefined) return;
    }
  }
}

const nothing: Progress = { sequence: 0, beyond: [] };
const keyOf = (system: string, store: string): string => `${system}.${store}`;

/** Undefined where it was settled before. Pure. */
export function settled({ sequence, beyond }: Progress, now: number): Progress | undefined {
  if (now <= sequence || beyond.includes(now)) return undefined;
  const later = new Set([...beyond, now]);
  let mark = sequence;
  while (later.delete(mark + 1)) mark += 1;
  return { sequence: mark, beyond: [...later].sort((a, b) => a - b) };
}
