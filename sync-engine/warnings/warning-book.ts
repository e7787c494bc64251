import { warningSheet, type Warning, type WarningSheet } from '#contracts/v1/warning.ts';
import { getEntry, type KV } from '#platform/nats/kv.ts';
import type { Evaluator, Findings } from './evaluator.ts';

type Kind = Pick<Evaluator, 'kind' | 'everyMs'>;

const nextAfter = ({ everyMs }: Kind, now: Date) => new Date(now.getTime() + everyMs).toISOString();

/** What was found of a kind: what held before keeps the moment it began. Pure. */
export function sheetOf(
  of: Kind,
  { warnings, unknown }: Findings,
  before: WarningSheet | undefined,
  now: Date,
): WarningSheet {
  const at = now.toISOString();
  const known = new Map(before?.warnings.map(({ id, since }) => [id, since]));
  const dated = warnings.map((found): Warning => ({ ...found, since: found.since ?? known.get(found.id) ?? at }));
  return { kind: of.kind, evaluated_at: at, next_at: nextAfter(of, now), failure: '', warnings: dated, unknown };
}

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

  /** Evaluates a kind and keeps what it found. @throws what the evaluator threw, once that is kept too */
  async evaluate(evaluator: Evaluator): Promise<void> {
    try {
      const found = await evaluator.evaluate();
      await this.#put(sheetOf(evaluator, found, await this.#before(evaluator), this.#now()));
    } catch (error) {
      await this.#put(failedSheet(evaluator, error, await this.#before(evaluator), this.#now()));
      throw error;
    }
  }

  /** What another version wrote and this one cannot read counts as never found. */
  async #before({ kind }: Evaluator): Promise<WarningSheet | undefined> {
    const parsed = warningSheet.safeParse((await getEntry(this.#kv, kind))?.json());
    return parsed.success ? parsed.data : undefined;
  }

  async #put(sheet: WarningSheet): Promise<void> {
    await this.#kv.put(sheet.kind, JSON.stringify(sheet));
  }
}
