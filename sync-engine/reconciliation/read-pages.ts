import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '#contracts/v1/estate.ts';
import { ConnectorError, type ConnectorErrorDetail } from '../connectors/connector.ts';
import type { Page, ReconciliationServices, VerbInput } from '../connectors/services.ts';
import type { ConnectorCall } from '../flows/inventory/connector-call.ts';
import { retryDelayMs } from '../work/backoff.ts';
import type { RunStep } from './trail.ts';

type ListVerb = keyof ReconciliationServices;
type ItemOf<V extends ListVerb> = ReturnType<ReconciliationServices[V]['read']> extends Page<infer Item> ? Item : never;

/** A page is asked for so often; a system that does not answer then is left out of the run. */
const ATTEMPTS = 4;
/** A system that makes a run wait for longer than this, all in all, is left out of it. */
const PATIENCE_MS = 45_000;

export interface ReadPages<Item> {
  items: Item[];
  /** When the last page came. */
  endedAt: Date;
  /** Why it could not be read to the end; `items` are then not to be relied on. */
  failure?: ConnectorErrorDetail;
  /** What is to be told of it, retries first. */
  steps: RunStep[];
}

export interface PageReader {
  call: ConnectorCall;
  now: () => Date;
  signal: AbortSignal;
}

/**
 * Reads a list to its end, page by page, under the connector's limits and breaker. A page that fails in passing is
 * asked for again, with backoff, honouring Retry-After.
 */
export async function readPages<V extends ListVerb>(
  reader: PageReader,
  system: System,
  verb: V,
  input: Omit<VerbInput<V>, 'cursor'>,
  step: string,
): Promise<ReadPages<ItemOf<V>>> {
  const { call, now, signal } = reader;
  const startedAt = now();
  const items: ItemOf<V>[] = [];
  const steps: RunStep[] = [];
  const told = { step, system: system.id, direction: 'outbound' } as const;
  let cursor: string | undefined;
  let pages = 0;
  let waited = 0;
  do {
    for (let attempt = 1; ; attempt++) {
      const askedAt = now();
      try {
        signal.throwIfAborted();
        const asked = { ...input, ...(cursor === undefined ? {} : { cursor }) } as VerbInput<V>;
        const page = (await call(system.id, verb, asked)) as Page<ItemOf<V>>;
        items.push(...page.items);
        pages++;
        cursor = page.next;
        break;
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        const { detail } = error;
        const wait = Math.max(detail.retryAfterMs ?? 0, retryDelayMs(attempt, system.retry, Math.random));
        const again = detail.retryable && attempt < ATTEMPTS && waited + wait <= PATIENCE_MS;
        const endedAt = now();
        steps.push({ ...told, ...failureOf(detail, again), attempt, ...times(askedAt, endedAt) });
        if (!again) return { items, endedAt, failure: detail, steps };
        waited += wait;
        await delay(wait, undefined, { signal });
      }
    }
  } while (cursor !== undefined);
  const endedAt = now();
  const attributes = { pages: String(pages), items: String(items.length) };
  steps.push({ ...told, attributes, ...times(startedAt, endedAt) });
  return { items, endedAt, steps };
}

const times = (from: Date, to: Date) => ({ started_at: from.toISOString(), ended_at: to.toISOString() });

const failureOf = (detail: ConnectorErrorDetail, again: boolean): Partial<RunStep> => ({
  status: again ? 'retrying' : 'failed',
  error_class: detail.errorClass,
  error_code: detail.code.slice(0, 200),
  error_message: detail.message.slice(0, 2000),
});
