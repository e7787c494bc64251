import type { z } from 'zod';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import type { transactionFigures } from '#app/queries/transaction-latency.ts';
import { readTimeRange } from '#app/time-range.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { flow, type Flow } from '#contracts/v1/step-event.ts';
import { facets, type Measure, measures, states } from './attributes.ts';

export type TransactionQuestion = z.input<typeof transactionFigures.params>;

/** Largest latency there is a number for, in milliseconds: 285 years. */
export const endless = Number.MAX_SAFE_INTEGER;
const mostValues = 50;
const longestValue = 300;

/** The flow of an address; orders where it names none that exists. */
export const readFlow = (search: URLSearchParams): Flow =>
  flow.options.find((one) => one === search.get('flow')) ?? 'order_to_cash';

/** Latencies that a flow's transactions can be measured by. */
export const measuresOf = (of: Flow): readonly Measure[] => (of === 'order_to_cash' ? measures : ['whole']);

const readMeasure = (search: URLSearchParams, of: Flow): Measure =>
  measuresOf(of).find((one) => one === search.get('of')) ?? (of === 'order_to_cash' ? 'erp' : 'whole');

type Span = Pick<TransactionQuestion, 'latency' | 'least_ms' | 'below_ms'>;

function readLatency(text: string): Span {
  if (text === 'waits') return { latency: 'waits', least_ms: 0, below_ms: endless };
  const [, least = '', below = ''] = /^(\d{1,15})-(\d{0,15})$/.exec(text) ?? [];
  if (least === '') return { latency: 'any', least_ms: 0, below_ms: endless };
  return { latency: 'within', least_ms: Number(least), below_ms: below === '' ? endless : Number(below) };
}

const valuesOf = (search: URLSearchParams, name: string): string[] =>
  [...new Set(search.getAll(name))].slice(0, mostValues).map((value) => value.slice(0, longestValue));

/** The filters of an address. States are those that exist, anything else is any text. */
export function readTransactionFilter(search: URLSearchParams, estate: Estate, now: Date): TransactionQuestion {
  const { from, to } = readTimeRange(search, now);
  const of = readFlow(search);
  const chosen = (prefix: string) =>
    facets.flatMap((facet) => {
      const values = valuesOf(search, `${prefix}${facet}`);
      const known = facet === 'state' ? values.filter((one) => states.some((state) => state === one)) : values;
      return known.map((value) => `${facet}=${value}`);
    });
  return {
    flow: of,
    from,
    to,
    now: new Date(Math.floor(now.getTime() / 1_000) * 1_000).toISOString(),
    ...stepTargetsOf(estate),
    only: chosen(''),
    except: chosen('not.'),
    done: valuesOf(search, 'done').slice(0, 5),
    undone: valuesOf(search, 'not.done').slice(0, 5),
    measure: readMeasure(search, of),
    ...readLatency(search.get('latency') ?? ''),
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}
