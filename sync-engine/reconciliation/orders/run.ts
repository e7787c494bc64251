import type { Estate, System } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { OrdersPlan, ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { ListedOrder, VerbName } from '../../connectors/services.ts';
import type { TransactionLog } from '../../flows/transaction-log.ts';
import type { Identity } from '../../identity.ts';
import { breakId, type Compared } from '../found.ts';
import { type PageReader, readPages } from '../read-pages.ts';
import type { Trail } from '../trail.ts';
import { foundOf, groupOrders, judge, type Listed } from './compare.ts';

export interface OrdersRunOptions extends PageReader {
  estate: Estate;
  offers: (system: string, verb: VerbName) => boolean;
  identity: Pick<Identity, 'isKnown'>;
  transactions: Pick<TransactionLog, 'isToldByOthers'>;
  /** Breaks of this plan that stand. */
  standing: readonly ReconciliationBreak[];
  /** Waits until the orders that had arrived are taken in. */
  caughtUp: (withinMs: number, signal: AbortSignal) => Promise<boolean>;
  trail: Pick<Trail, 'add'>;
}

/** Orders asked for by their ids in one request. */
const NAMED = 50;
/** Look-ups of orders side by side. */
const AT_ONCE = 32;
/** Orders that wait in our own inbox for longer than this leave what is missing undecided. */
const INBOX_MS = 60_000;
const INBOX_BEHIND = 'Orders wait in our own inbox: those that are not known yet may be among them.';

/**
 * Holds the channels' own lists of orders against the index of those that arrived here. One of which another system tells
 * is seen, too: whoever carries it has it.
 */
export async function compareOrders(
  plan: OrdersPlan,
  period: { from: string; to: string },
  options: OrdersRunOptions,
): Promise<Compared> {
  const { estate, offers, standing, trail, now, signal } = options;
  const sources = estate.systems.filter(
    ({ id, role }) =>
      role === 'channel' && offers(id, 'list_orders') && (plan.systems.length === 0 || plan.systems.includes(id)),
  );
  // Theirs first: what they list by then has had the grace to get here.
  const read = await Promise.all(sources.map((system) => readList(system, period, options)));
  for (const { steps } of read) for (const step of steps) await trail.add(step);
  const startedAt = now().toISOString();
  const caughtUp = await options.caughtUp(INBOX_MS, signal);
  const listed = read.flatMap(({ orders }) => orders);
  const keys = new Set([
    ...listed.map(({ system, externalId }) => transactionKey(system, externalId)),
    ...standing.map(({ system, reference }) => transactionKey(system, reference)),
  ]);
  const arrived = new Set<string>();
  const told = new Set<string>();
  await inParallel(keys, AT_ONCE, async (key) => {
    if (await options.identity.isKnown('order_to_cash', key)) arrived.add(key);
    else if (await options.transactions.isToldByOthers('order_to_cash', key)) told.add(key);
  });
  const seen = new Set([...arrived, ...told]);
  const judged = listed.map((one) => ({ ...one, verdict: judge(one, seen, caughtUp, estate.policies) }));
  const compared = judged.filter(({ verdict }) => verdict === 'arrived' || verdict === 'missing');
  const missing = judged.filter(({ verdict }) => verdict === 'missing');
  const leftOut = new Set(judged.filter(({ verdict }) => verdict === 'left_out').map(breakIdOf));
  await trail.add({
    step: 'compare_orders',
    started_at: startedAt,
    attributes: {
      compared: String(compared.length),
      missing: String(missing.length),
      ...(told.size === 0 ? {} : { told_by_others: String(told.size) }),
    },
  });
  const oursAt = now().toISOString();
  const undecided = judged.filter(({ verdict }) => verdict === 'undecided').length;
  return {
    compared: compared.length,
    agreeing: compared.length - missing.length,
    undecided,
    groups: groupOrders(judged, estate),
    found: missing.map((one) => foundOf(one, oursAt, estate)),
    agrees: ({ system, reference, break_id }) => seen.has(transactionKey(system, reference)) || leftOut.has(break_id),
    // What is undecided is looked at again: the period of a run that is incomplete does not count as covered.
    unread: [...read.flatMap(({ unread }) => unread), ...(undecided === 0 ? [] : [INBOX_BEHIND])],
  };
}

const breakIdOf = (one: Listed): string =>
  breakId({ kind: 'order_never_arrived', sku: '', location: '', channel: '', reference: one.externalId, ...one });

/** One channel's orders of the period, and those found missing before, which may have been cancelled since. */
async function readList(system: System, period: { from: string; to: string }, options: OrdersRunOptions) {
  const ids = options.standing
    .filter((one) => one.system === system.id && one.status === 'open')
    .map(({ reference }) => reference);
  const asked = [period, ...chunked(ids, NAMED).map((some) => ({ ids: some }))];
  const reads = [];
  for (const input of asked) reads.push(await readPages(options, system, 'list_orders', input, 'read_channel'));
  const whole = reads.filter(({ failure }) => failure === undefined);
  const orders = new Map<string, Listed>(
    whole.flatMap(({ items, endedAt }) =>
      items.map((one: ListedOrder) => [one.externalId, { ...one, system: system.id, readAt: endedAt.toISOString() }]),
    ),
  );
  return {
    orders: [...orders.values()],
    steps: reads.flatMap(({ steps }) => steps),
    unread: reads.flatMap(({ failure }) =>
      failure === undefined ? [] : [`${system.name} could not be read: ${failure.message}`],
    ),
  };
}

const chunked = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
