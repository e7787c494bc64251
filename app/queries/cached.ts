import type { z } from 'zod';
import type { Query } from '#platform/clickhouse/query.ts';

/** Runs a named query with its parameters and returns its rows. */
export type ReadQuery = <P extends z.ZodType, R extends z.ZodType>(
  query: Query<P, R>,
  params: z.input<P>,
) => Promise<z.output<R>[]>;

/** An answer may be this old, in milliseconds: as often as a page asks again at most. */
export const freshMs = 1_000;
const maxAnswers = 2_000;

interface ShareOptions {
  now?: () => number;
  /** Hands over what is to be called whenever something has landed. */
  onLanded?: (forget: () => void) => void;
}

/**
 * Answers equal questions (same query, same parameters) by one run: those asked while it runs share it, those asked
 * within a second of its start get its answer. Queries do not depend on who asks; presenters hide what a role may not see.
 * Callers must not change the rows they get. A failed run is not kept. What was asked before something landed answers
 * nobody who asks afterwards: a page that was told of it and asks once would show the older rows for as long as nothing
 * else happens, and beside them a count that is newer.
 */
export function shareAnswers(run: ReadQuery, { now = Date.now, onLanded }: ShareOptions = {}): ReadQuery {
  const answers = new Map<string, { at: number; rows: Promise<unknown[]> }>();
  onLanded?.(() => answers.clear());

  const forgetOld = (at: number) => {
    for (const [key, answer] of answers) {
      if (at - answer.at < freshMs && answers.size <= maxAnswers) break;
      answers.delete(key);
    }
  };

  return (query, params) => {
    const key = `${query.name}\n${JSON.stringify(params)}`;
    const at = now();
    forgetOld(at);
    const known = answers.get(key);
    if (known) return known.rows as ReturnType<typeof run<(typeof query)['params'], (typeof query)['row']>>;
    const rows = run(query, params);
    answers.set(key, { at, rows });
    rows.catch(() => {
      if (answers.get(key)?.rows === rows) answers.delete(key);
    });
    return rows;
  };
}
