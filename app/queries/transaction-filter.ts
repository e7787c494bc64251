import { z } from 'zod';
import {
  type Attribute,
  type Facet,
  facets,
  measures,
  type Measure,
  type State,
} from '#app/transactions/attributes.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { flow } from '#contracts/v1/step-event.ts';
import { instantParam } from './columns.ts';
import { exception, late, stuck, trouble } from './standing.ts';
import { stepTargetParams } from './step-target.ts';
import { overTransactions } from './transactions.ts';

/** Which transactions are meant. `only` and `except` hold "<facet>=<value>". */
export const transactionFilter = {
  flow,
  /** Window of their own time, [from, to). */
  from: instant,
  to: instant,
  now: instant,
  ...stepTargetParams,
  /** One of the values named of each facet that is named. */
  only: z.array(z.string()),
  /** None of these. */
  except: z.array(z.string()),
  /** Steps that were completed at least once, and steps that were not. */
  done: z.array(z.string()).max(5),
  undone: z.array(z.string()).max(5),
  measure: z.enum(measures),
  /** Of the latency: any or none, within [least_ms, below_ms), or still waited for. */
  latency: z.enum(['any', 'within', 'waits']),
  least_ms: z.int(),
  below_ms: z.int(),
  /** Beginning of a business key, in lower case; empty for all. */
  text: z.string(),
};
export type TransactionFilter = z.output<z.ZodObject<typeof transactionFilter>>;

const within = `occurred_at >= ${instantParam('from')} AND occurred_at < ${instantParam('to')}`;

/**
 * SQL of a question about the transactions of the flow in the window. A transaction whose first events did not know when it
 * happened has states at two times and belongs to the earlier: the keys of the window bring those a day beyond its edges.
 */
export const overWindow = (question: (transactions: string) => string): string =>
  overTransactions(
    `t.flow = {flow:String} AND t.occurred_at >= ${instantParam('from')} - INTERVAL 1 DAY
      AND t.occurred_at < ${instantParam('to')} + INTERVAL 1 DAY
      AND t.key IN (SELECT key FROM transaction_states WHERE flow = {flow:String} AND ${within})`,
    // The window is asked of a transaction's own time too, so that is always among the columns.
    (transactions) => question(transactions === '' ? 'occurred_at' : `(SELECT * FROM ${transactions} WHERE ${within})`),
  );

const columns: Record<Attribute, string> = {
  channel: 'channel',
  region: 'region',
  entity: 'legal_entity',
  brand: 'brand',
  tier: 'tier',
  location: 'location',
  system: 'system',
  step: 'step',
  error: 'error_class',
  code: 'error_code',
  sku: 'sku',
  origin: 'origin',
  attempts: `if(max_attempt > 1, 'several', 'one')`,
};
/** An attribute's value as text. */
export const valueOf = (attribute: Attribute): string => `toString(${columns[attribute]})`;

export const stateConditions: Record<State, string> = {
  open: 'is_open',
  finished: 'NOT is_open',
  going: `(is_open AND status NOT IN ('failed', 'quarantined'))`,
  late,
  stuck,
  retrying: `(is_open AND status = 'retrying')`,
  failed: `(is_open AND status = 'failed')`,
  quarantined: `(is_open AND status = 'quarantined')`,
  exception,
  trouble,
  smooth: `NOT ${exception}`,
  well: `NOT ${trouble}`,
};

const ends: Record<Exclude<Measure, 'whole'>, string> = {
  accepted: 'accepted_at',
  acknowledged: 'acknowledged_at',
  erp: 'erp_confirmed_at',
  released: 'released_at',
  shipped: 'shipped_at',
  delivered: 'ifNull(delivered_at, shipped_at)',
};
/** SQL: a latency in milliseconds, never below zero though clocks differ; NULL where it is not, or not yet, known. */
export function latencyOf(measure: Measure): string {
  if (measure === 'whole') return `if(is_open, NULL, greatest(0, dateDiff('millisecond', first_at, last_at)))`;
  const end = ends[measure];
  return `if(isNull(${end}), NULL, greatest(0, dateDiff('millisecond', occurred_at, assumeNotNull(${end}))))`;
}
/** SQL: what the latency is still waited for. */
export const waitsFor = (measure: Measure): string => `(is_open AND isNull(${latencyOf(measure)}))`;

/**
 * Keys of the transactions that completed the step, and a day around the window, as a
 * transaction may have states beyond its edges.
 */
const completedStep = (list: 'done' | 'undone', index: number) => `key IN (
    SELECT key FROM completions
    WHERE flow = {flow:String} AND step = {${list}:Array(String)}[${index + 1}]
      AND at >= ${instantParam('from')} - INTERVAL 1 DAY
      AND occurred_at >= ${instantParam('from')} - INTERVAL 1 DAY
      AND occurred_at < ${instantParam('to')} + INTERVAL 1 DAY)`;

const prefixOf = (facet: Facet) => `${facet}=`;
const named = (list: readonly string[], facet: Facet) => list.filter((one) => one.startsWith(prefixOf(facet)));

function facetCondition(filter: TransactionFilter, facet: Facet): string | undefined {
  const [only, except] = [named(filter.only, facet), named(filter.except, facet)];
  if (only.length + except.length === 0) return undefined;
  if (facet !== 'state') {
    const value = `concat('${prefixOf(facet)}', ${valueOf(facet)})`;
    return `((${only.length === 0 ? 1 : 0} OR has({only:Array(String)}, ${value})) AND NOT has({except:Array(String)}, ${value}))`;
  }
  const holds = (one: string) => stateConditions[one.slice(prefixOf(facet).length) as State];
  const any = only.length === 0 ? ['1'] : only.map(holds);
  return `((${any.join(' OR ')})${except.map((one) => ` AND NOT ${holds(one)}`).join('')})`;
}

function latencyCondition({ latency, measure }: TransactionFilter): string | undefined {
  if (latency === 'any') return undefined;
  if (latency === 'waits') return waitsFor(measure);
  return `ifNull(${latencyOf(measure)} >= {least_ms:Int64} AND ${latencyOf(measure)} < {below_ms:Int64}, 0)`;
}

/** What a filter asks of each facet and of the latency, where it asks something. Values stay parameters. */
export function askedOf(filter: TransactionFilter): ReadonlyMap<Facet | 'latency', string> {
  const asked = [
    ...facets.map((facet) => [facet, facetCondition(filter, facet)] as const),
    ['latency', latencyCondition(filter)] as const,
  ];
  return new Map(asked.flatMap(([facet, condition]) => (condition === undefined ? [] : [[facet, condition]])));
}

/** What a filter asks besides: no facet shows alternatives to it. */
export function askedBesides({ done, undone, text }: TransactionFilter): string {
  return [
    '1',
    ...done.map((_, index) => completedStep('done', index)),
    ...undone.map((_, index) => `NOT ${completedStep('undone', index)}`),
    ...(text === '' ? [] : ['startsWith(lowerUTF8(business_key), {text:String})']),
  ].join(' AND ');
}

/** Everything a filter asks, as SQL of fixed texts. */
export const conditionsOf = (filter: TransactionFilter): string =>
  [askedBesides(filter), ...askedOf(filter).values()].join(' AND ');
