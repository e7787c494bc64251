import { createHash, randomUUID } from 'node:crypto';
import { createQuota } from '#app/api/quota.ts';
import type { Act, Audit } from '#platform/audit.ts';
import type { ClickHouse, ReadOnlyConnection } from '#platform/clickhouse/client.ts';
import { queryDatabase } from '#platform/clickhouse/query-views.ts';
import type { Log } from '#platform/log.ts';
import { admit } from './admit.ts';
import { inWords } from './failures.ts';
import { atOnce, connectionLimits, queryLimits } from './limits.ts';
import type { QueryProgress, QueryResult } from './progress.ts';
import { readAnswer } from './read-answer.ts';
import { AuditUnavailable, QueryRefused } from './refused.ts';
import { createTurns } from './turns.ts';

export interface Question {
  sql: string;
  /** User who asks. */
  person: string;
  /** What the places {from:…} and {to:…} mean, RFC 3339. */
  window: { from: string; to: string };
  /** Aborted: the person does not wait for it any longer. */
  signal: AbortSignal;
}

export interface Analyst {
  /** Whether a running query can be stopped; where ClickHouse is embedded only its time limit ends one. */
  stoppable: boolean;
  /**
   * Judges and runs a query, telling how it goes. That it is admitted is in the audit trail before it runs, and how it ended
   * or why it was refused afterwards; where the first cannot be recorded nothing is run.
   */
  ask(question: Question, tell: (progress: QueryProgress) => void): Promise<void>;
  close(): Promise<void>;
}

/** Runs people's own queries, on connections that can only read and that no page waits for. */
export function openAnalyst(options: { clickhouse: ClickHouse; audit: Audit; log: Log }): Analyst {
  const { clickhouse, audit, log } = options;
  const turns = createTurns({ atOnce: atOnce[clickhouse.mode], most: queryLimits.waiting });
  const quota = createQuota();
  let opened: Promise<ReadOnlyConnection> | undefined;
  const connect = () => {
    opened ??= clickhouse.openReadOnly(queryDatabase(clickhouse), connectionLimits).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  async function answer(sql: string, signal: AbortSignal): Promise<QueryResult> {
    const connection = await connect();
    const id = `syncline-query-${randomUUID()}`;
    const stop = () =>
      void connection.stop?.(id).catch((error: unknown) => log.warn({ err: error }, 'a query runs on'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return readAnswer(await connection.answer(sql, id));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async function run(
    { sql, person, window, signal }: Question,
    act: Act,
    tell: (progress: QueryProgress) => void,
  ): Promise<QueryResult> {
    if (!quota.spend(person, queryLimits.runsPerMinute).allowed)
      throw new QueryRefused(`You may run ${queryLimits.runsPerMinute} queries a minute. Wait a moment.`);
    const admitted = await admit(clickhouse, sql, window);
    await recordAdmitted(act);
    const release = await turns.take(person, signal, (place) => tell({ state: 'waiting', place }));
    try {
      tell({ state: 'running' });
      return await answer(admitted, signal);
    } catch (error) {
      throw inWords(error, sql);
    } finally {
      release();
    }
  }

  async function recordAdmitted(act: Act): Promise<void> {
    try {
      await audit.recordFirst({ ...act, action: 'query.admitted' });
    } catch (error) {
      log.error({ err: error }, 'a query is refused, as it cannot be recorded');
      throw new AuditUnavailable();
    }
  }

  return {
    stoppable: clickhouse.mode === 'server',
    async ask(question, tell) {
      const act: Act = {
        action: 'query.run',
        actor: question.person,
        object_kind: 'query',
        object_id: createHash('sha256').update(question.sql).digest('hex'),
      };
      const began = performance.now();
      try {
        const result = await run(question, act, tell);
        const detail = { rows: String(result.rows.length), ms: String(result.milliseconds) };
        audit.record({ ...act, detail });
        tell({ state: 'done', result });
      } catch (error) {
        const [outcome, kind] = endOf(error, question.signal);
        const ms = String(Math.round(performance.now() - began));
        audit.record({ ...act, outcome, detail: { error: kind, ms } });
        tell({ state: 'refused', ...wordsOf(error, log) });
      }
    },
    close: async () => (await opened)?.close(),
  };
}

/** Never in the words of the query: which kind of end it was. */
function endOf(error: unknown, signal: AbortSignal): [outcome: 'refused' | 'unavailable', kind: string] {
  if (signal.aborted) return ['unavailable', 'left'];
  if (error instanceof AuditUnavailable) return ['unavailable', 'not_recorded'];
  return error instanceof QueryRefused ? ['refused', 'refused'] : ['unavailable', 'failed'];
}

function wordsOf(error: unknown, log: Log): Omit<Extract<QueryProgress, { state: 'refused' }>, 'state'> {
  if (error instanceof QueryRefused)
    return { message: error.message, ...(error.place === undefined ? {} : { place: error.place }) };
  log.warn({ err: error }, 'a query could not be run');
  return { message: 'ClickHouse could not run this query. The reason is in the log of the console.' };
}
