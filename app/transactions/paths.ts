import { orderPath } from '#app/orders/paths.ts';
import type { Flow } from '#contracts/v1/step-event.ts';

export const transactionsPath = '/transactions';
/** Rows of a page of the list of transactions. */
export const transactionPageSize = 50;

/** Address of a transaction's own page: an order's is that of the order. */
export const transactionPath = (flow: Flow, key: string): string =>
  flow === 'order_to_cash' ? orderPath(key) : `${transactionsPath}/${flow}/${encodeURIComponent(key)}`;

const hour = 3_600_000;

/** Address of a flow's transactions that happened in the whole hours from when one did to its last step. */
export function hoursPath(flow: Flow, one: { occurred_at: string; last_at: string }): string {
  const happened = Date.parse(one.occurred_at);
  const last = Math.max(happened, Date.parse(one.last_at));
  const at = (hours: number) => new Date(hours * hour).toISOString();
  const window = { range: 'custom', from: at(Math.floor(happened / hour)), to: at(Math.floor(last / hour) + 1) };
  return `${transactionsPath}?${new URLSearchParams({ flow, ...window }).toString()}`;
}

/** Parameters of the address that stay where a figure leads to its transactions; the view it is told in does not. */
const kept = (search: URLSearchParams): URLSearchParams => {
  const next = new URLSearchParams(search);
  for (const name of ['page', 'show', 'pick', 'compare', 'compare_from', 'compare_to']) next.delete(name);
  return next;
};

/**
 * Address of the transactions that a figure counts: those of the address, narrowed. A name in `only` takes the place of
 * what was chosen of it, a name in `also` is added.
 */
export function narrowed(
  search: URLSearchParams,
  { only = {}, also = {} }: { only?: Record<string, string>; also?: Record<string, readonly string[]> },
): string {
  const next = kept(search);
  for (const [name, value] of Object.entries(only)) next.set(name, value);
  for (const [name, values] of Object.entries(also))
    for (const value of values) if (!next.getAll(name).includes(value)) next.append(name, value);
  return `${transactionsPath}?${next.toString()}`;
}

/** "1000-5000" for [1000, 5000) milliseconds; without an end where there is none. */
export const spanText = (least: number, below?: number): string => `${least}-${below ?? ''}`;
