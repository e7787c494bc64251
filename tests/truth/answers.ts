import { Decimal } from 'decimal.js';
import type { Estate } from '#contracts/v1/estate.ts';
import type { DatedRate } from '#contracts/v1/rate.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { endOf } from './estate.ts';

// What every figure is, worked out a second time from the raw events, after the definitions and without a look at the
// queries. Times are milliseconds since 1970, windows [from, to).

export interface Window {
  from: number;
  to: number;
}

export const within = ({ from, to }: Window, at: number): boolean => at >= from && at < to;

/** The value below which `share` of the values lie: the one at that place of the sorted values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? null;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const byOrdinal = (a: StepEvent, b: StepEvent) => a.ordinal - b.ordinal;
export const latestOf = (events: readonly StepEvent[]): StepEvent => {
  const latest = [...events].sort(byOrdinal).at(-1);
  if (latest === undefined) throw new Error('There is no event.');
  return latest;
};

export interface TransactionAnswer {
  events: readonly StepEvent[];
  key: string;
  firstAt: number;
  /** It had a case or a final failure. */
  exception: boolean;
  placed: number;
  channel: string;
  entity: string;
  tier: string;
  amount: string;
  currency: string;
  backfill: boolean;
  latest: StepEvent;
  lastAt: number;
  confirmed: number | undefined;
  released: number | undefined;
  open: boolean;
  lifecycle: string;
  deadline: number | undefined;
}

/** Where every transaction of a flow stands. */
export function transactionsOf(flow: Flow, events: readonly StepEvent[]): TransactionAnswer[] {
  const all = groupBy(
    events.filter((event) => event.flow === flow),
    ({ key }) => key,
  );
  return [...all.values()].map((own) => {
    const latest = latestOf(own);
    const done = (step: string, fits: (event: StepEvent) => boolean = () => true): number | undefined => {
      const ends = own.filter((event) => event.step === step && event.status === 'completed' && fits(event)).map(endOf);
      return ends.length === 0 ? undefined : Math.min(...ends);
    };
    const cancelled = done('cancelled');
    const settled = done('settle');
    const leftAlone = latest.status === 'skipped' && ['validate', 'channel_update_received'].includes(latest.step);
    const passed = [
      ['cancelled', cancelled],
      ['returned', done('returned')],
      ['financially_settled', settled],
      ['delivered', done('delivered')],
      ['shipped', done('shipment_confirmed', ({ attributes }) => attributes['remaining_units'] === '0')],
      ['partially_shipped', done('shipment_confirmed')],
      ['released_to_warehouse', done('wms_release')],
      ['allocated', done('reserve_stock')],
    ] as const;
    const isDone =
      flow === 'store_settlement'
        ? latest.step === 'close_day' && latest.status === 'completed'
        : latest.deadline === '' && ['completed', 'skipped', 'superseded', 'compensated'].includes(latest.status);
    const isOrder = flow === 'order_to_cash';
    return {
      events: own,
      key: latest.key,
      firstAt: Math.min(...own.map(({ started_at }) => Date.parse(started_at))),
      exception: own.some(({ status, case_id }) => case_id !== '' || ['quarantined', 'failed'].includes(status)),
      placed: Math.min(...own.map(({ occurred_at }) => Date.parse(occurred_at))),
      channel: latest.channel,
      entity: latest.legal_entity,
      tier: own.map(({ attributes }) => attributes['tier'] ?? '').find((tier) => tier !== '') ?? '',
      amount: latest.amount,
      currency: latest.currency,
      backfill: latest.origin === 'backfill',
      latest,
      lastAt: Math.max(...own.map(endOf)),
      confirmed: done('erp_create_sales_order'),
      released: done('wms_release'),
      open: isOrder ? cancelled === undefined && settled === undefined && !leftAlone : !isDone,
      lifecycle: isOrder ? (passed.find(([, at]) => at !== undefined)?.[0] ?? 'pending_validation') : '',
      deadline: latest.deadline === '' ? undefined : Date.parse(latest.deadline),
    };
  });
}

/** Open and past its deadline. */
export const isLate = (order: TransactionAnswer, now: number): boolean =>
  order.open && order.deadline !== undefined && order.deadline < now;

/** Open and past its deadline, or no step for longer than its next step's target, of which only an order's steps have one. */
export function isStuck(order: TransactionAnswer, now: number, { sla }: Estate): boolean {
  if (!order.open || order.deadline === undefined) return false;
  if (order.deadline < now) return true;
  if (order.latest.flow !== 'order_to_cash') return false;
  const tier = sla[(order.tier in sla ? order.tier : 'standard') as keyof Estate['sla']];
  const due = order.deadline - order.placed;
  const before = Object.values(tier)
    .map((seconds) => seconds * 1_000)
    .filter((target) => target < due);
  return now - order.lastAt > due - Math.max(0, ...before);
}

export interface PostingAnswer {
  key: string;
  latest: StepEvent;
  at: number;
}

/** Every posting by its latest attempt. Backfill is not counted. */
export function postingsOf(events: readonly StepEvent[]): PostingAnswer[] {
  const posting = events.filter(
    ({ attributes, origin }) => attributes['posting_key'] !== undefined && origin !== 'backfill',
  );
  return [...groupBy(posting, ({ attributes }) => attributes['posting_key'] ?? '')].map(([key, own]) => {
    const latest = latestOf(own);
    return { key, latest, at: endOf(latest) };
  });
}

export const hasFailed = ({ latest }: PostingAnswer): boolean =>
  ['retrying', 'failed', 'quarantined'].includes(latest.status);

/** In the reporting currency by the rate of a day: the last of those `set`, by day, that is not after it. */
export function worth(
  amount: string,
  currency: string,
  day: string,
  { rates, reporting_currency }: Estate,
  set: readonly DatedRate[],
): Decimal {
  const own = set.filter((one) => one.currency === currency && Date.parse(one.day) <= Date.parse(day));
  const latest = own.toSorted((a, b) => Date.parse(a.day) - Date.parse(b.day)).at(-1);
  const rate = currency === reporting_currency ? '1' : (latest?.rate ?? rates[currency] ?? '0');
  return new Decimal(amount === '' ? 0 : amount).mul(rate);
}

export interface ItemAnswer {
  location: string;
  channel: string;
  /** When what it must be told of happened; undefined where it shows what it should. */
  waitsSince: number | undefined;
}

/** Every SKU, location and channel that was to be told of stock, by what it must show and what it confirmed. */
export function itemsOf(events: readonly StepEvent[]): ItemAnswer[] {
  const items = new Map<string, { due: number; since: number; confirmed: number }>();
  const versionOf = ({ attributes }: StepEvent) => Number(attributes['version']);
  const itemOf = ({ sku, location }: StepEvent, channel: string) => {
    const name = [location, channel, sku].join(' ');
    const item = items.get(name) ?? { due: 0, since: 0, confirmed: 0 };
    items.set(name, item);
    return item;
  };
  for (const event of events.filter(({ flow }) => flow === 'inventory_sync')) {
    if (event.step === 'stock_changed' && event.status === 'completed')
      for (const channel of (event.attributes['behind'] ?? '').split(' ').filter((one) => one !== '')) {
        const item = itemOf(event, channel);
        item.due = Math.max(item.due, versionOf(event));
        item.since = Math.max(item.since, Date.parse(event.occurred_at));
      }
    if (event.step === 'publish_availability' && ['completed', 'skipped'].includes(event.status)) {
      const item = itemOf(event, event.channel);
      item.confirmed = Math.max(item.confirmed, versionOf(event));
    }
  }
  return [...items].map(([name, { due, since, confirmed }]) => {
    const [location = '', channel = ''] = name.split(' ');
    return { location, channel, waitsSince: due > confirmed ? since : undefined };
  });
}
