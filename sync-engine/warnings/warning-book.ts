import { warningSheet, type Warning, type WarningKind, type WarningSheet } from '#contracts/v1/warning.ts';
import { compareAndSwap, getEntry, type KV } from '#platform/nats/kv.ts';
import { orAborted } from '#platform/or-aborted.ts';
import type { Evaluator, Findings } from './evaluator.ts';

type Kind = Pick<Evaluator, 'kind' | 'everyMs'>;

const nextAfter = ({ everyMs }: Kind, now: Date) => new Date(now.getTime() + everyMs).toISOString();

/** What was found of a kind: what held before keeps the moment it began, and stays where it could not be looked at. Pure. */
export function sheetOf(
  of: Kind,
  { warnings, unknown }: Findings,
  before: WarningSheet | undefined,
  now: Date,
): WarningSheet {
  const at = now.toISOString();
  const known = new Map(before?.warnings.map(({ id, since }) => [id, since]));
  const dated = warnings.map((found): Warning => ({ ...found, since: found.since ?? known.get(found.id) ?? at }));
  const found = new Set(dated.map(({ id }) => id));
  const kept = (before?.warnings ?? []).filter(({ id }) => !found.has(id) && unknown.some((one) => isOf(id, one.id)));
  return {
    ...{ kind: of.kind, evaluated_at: at, next_at: nextAfter(of, now), failure: '' },
    ...{ warnings: [...dated, ...kept], unknown },
  };
}

const isOf = (warning: string, unknown: string): boolean => warning === unknown || warning.startsWith(`${unknown} `);

/** An evaluation that failed changes nothing but that it says so. Pure. */
export const failedSheet = (of: Kind, error: unknown, before: WarningSheet | undefined, now: Date): WarningSheet => ({
  ...(before ?? { kind: of.kind, evaluated_at: '', warnings: [], unknown: [] }),
  next_at: nextAfter(of, now),
  failure: (error instanceof Error ? error.message : String(error)).slice(0, 1000) || 'It failed without a word.',
});

/** What was found, by kind, in KV bucket WARNINGS. */
export class WarningBook {
  readonly #kv: KV;
  readonly #now: () => Date;

  constructor(kv: KV, now: () => Date) {
    this.#kv = kv;
    this.#now = now;
  }

  /**
   * Evaluates a kind and keeps what it found; again where its sheet was changed meanwhile: what changed it was not seen yet.
   * @throws what the evaluator threw, once that is kept too; the signal's reason once it aborts, and then nothing is kept
   */
  async evaluate(evaluator: Evaluator, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { sheet: before, revision } = await this.#read(evaluator.kind);
      const { sheet, failure } = await this.#look(evaluator, before, signal);
      signal.throwIfAborted();
      if ((await compareAndSwap(this.#kv, sheet.kind, JSON.stringify(sheet), revision)) === undefined) continue;
      if (failure !== undefined) throw failure;
      return;
    }
  }

  /** Takes a warning off that was seen to hold no more, ahead of the next evaluation. */
  async remove(kind: WarningKind, id: string): Promise<void> {
    for (;;) {
      const { sheet, revision } = await this.#read(kind);
      const warnings = sheet?.warnings.filter((one) => one.id !== id);
      if (sheet === undefined || warnings?.length === sheet.warnings.length) return;
      if (await compareAndSwap(this.#kv, kind, JSON.stringify({ ...sheet, warnings }), revision)) return;
    }
  }

  async #look(
    evaluator: Evaluator,
    before: WarningSheet | undefined,
    signal: AbortSignal,
  ): Promise<{ sheet: WarningSheet; failure?: Error }> {
    try {
      const found = await orAborted(evaluator.evaluate(signal), signal);
      return { sheet: sheetOf(evaluator, found, before, this.#now()) };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return { sheet: failedSheet(evaluator, failure, before, this.#now()), failure };
    }
  }

  /** What another version wrote and this one cannot read counts as never found, and is written over. */
  async #read(kind: WarningKind): Promise<{ sheet: WarningSheet | undefined; revision: number }> {
    const entry = await getEntry(this.#kv, kind);
    return { sheet: warningSheet.safeParse(entry?.json()).data, revision: entry?.revision ?? 0 };
  }
}
