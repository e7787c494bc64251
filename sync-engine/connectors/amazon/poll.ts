import { createHash } from 'node:crypto';
import type { System } from '#contracts/v1/estate.ts';
import { parseToCopy, stringifyExactJson } from '#platform/exact-json.ts';
import type { FetchedMessage } from '../../intake/fetched-message.ts';
import type { Batch, Look, Poll } from '../../polls/poll.ts';
import type { Answer } from '../connector.ts';
import { unreadable } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { refused } from './client.ts';
import { itemsAnswer, ordersAnswer } from './contract.ts';

type Listed = Record<string, unknown>;

/** Orders of a window made durable together: where a look is broken off, so many are asked for again at most. */
const BATCH_ORDERS = 20;
/** Without `LastUpdatedBefore` Amazon answers up to two minutes ago; a window with an end must not reach further. */
const SETTLED_MS = 120_000;

/**
 * Asks Amazon what changed, in windows of time that overlap: an order may become visible after others that changed later.
 * After an outage one window follows the other from where it broke off. Settings, all in seconds: `poll.every_s` 60,
 * `poll.window_s` 21600, `poll.overlap_s` 300; `poll.since` is an instant to begin at, otherwise the first look's moment.
 */
export function amazonPoll(system: System): Poll {
  const everyMs = milliseconds(system, 'poll.every_s', 60);
  const windowMs = milliseconds(system, 'poll.window_s', 21_600);
  const overlapMs = milliseconds(system, 'poll.overlap_s', 300);
  const marketplace = demanded(system, 'marketplace');
  const since = system.settings['poll.since'];
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    throw new Error(`The setting poll.since of the system "${system.id}" is no date and time: "${since}".`);
  return {
    everyMs,
    begin: (now) => new Date(since ?? now).toISOString(),
    async *read(from, look) {
      for (let at = from; ;) {
        const end = new Date(Date.parse(at) + windowMs);
        const isLast = end.getTime() >= look.now().getTime() - SETTLED_MS;
        const query = {
          MarketplaceIds: marketplace,
          MaxResultsPerPage: '100',
          LastUpdatedAfter: new Date(Date.parse(at) - overlapMs).toISOString(),
          ...(isLast ? {} : { LastUpdatedBefore: end.toISOString() }),
        };
        const { orders, upTo } = await readWindow(query, look);
        const next = isLast ? upTo : end.toISOString();
        yield* batchesOf(orders, at, look);
        at = next > at ? next : at;
        yield { messages: [], upTo: at };
        if (isLast) return;
      }
    },
  };
}

/** Every page of a window, its orders by when they changed, and how far Amazon says it answered. */
async function readWindow(query: Record<string, string>, { send, now }: Look) {
  const asked = new Date(now().getTime() - SETTLED_MS).toISOString();
  const orders: Listed[] = [];
  let upTo: string | undefined;
  let token: string | undefined;
  do {
    const asking = token === undefined ? query : { MarketplaceIds: query['MarketplaceIds'] ?? '', NextToken: token };
    const answer = await send(jsonCall('GET', `/orders/v0/orders?${new URLSearchParams(asking).toString()}`));
    const { payload } = understood(answer, ordersAnswer, "Amazon's list of orders");
    orders.push(...payload.Orders);
    upTo ??= instantOf(payload.LastUpdatedBefore);
    token = payload.NextToken ?? undefined;
  } while (token !== undefined && token !== '');
  return { orders: orders.sort((a, b) => (changedAt(a) < changedAt(b) ? -1 : 1)), upTo: upTo ?? asked };
}

async function* batchesOf(orders: readonly Listed[], from: string, look: Look): AsyncGenerator<Batch> {
  const due = orders.filter((order) => !isPending(order) && !look.known(deliveryIdOf(order)));
  for (let i = 0; i < due.length; i += BATCH_ORDERS) {
    const batch = due.slice(i, i + BATCH_ORDERS);
    const messages: FetchedMessage[] = [];
    for (const order of batch) messages.push(await messageOf(order, look));
    const last = changedAt(batch.at(-1) ?? {});
    yield { messages, upTo: last > from ? last : from };
  }
}

/** Pending orders have no amounts yet and may come to nothing: once they can be shipped they have changed again. */
const isPending = ({ OrderStatus }: Listed): boolean =>
  OrderStatus === 'Pending' || OrderStatus === 'PendingAvailability';

async function messageOf(order: Listed, look: Look): Promise<FetchedMessage> {
  const { AmazonOrderId: id, OrderStatus: status, FulfillmentChannel: by } = order;
  // Of an order that nothing is done for the items are not asked for: their quota is small.
  const items =
    status === 'Unshipped' && by !== 'AFN' && typeof id === 'string' ? await readItems(id, look) : undefined;
  return {
    topic: status === 'Canceled' ? 'order.canceled' : 'order.changed',
    deliveryId: deliveryIdOf(order),
    body: Buffer.from(stringifyExactJson({ Order: order, OrderItems: items })),
  };
}

async function readItems(orderId: string, { send }: Look): Promise<Listed[]> {
  const items: Listed[] = [];
  let token: string | undefined;
  do {
    const query = token === undefined ? '' : `?${new URLSearchParams({ NextToken: token }).toString()}`;
    const answer = await send(jsonCall('GET', `/orders/v0/orders/${segment(orderId)}/orderItems${query}`));
    const { payload } = understood(answer, itemsAnswer, "Amazon's list of items");
    items.push(...payload.OrderItems);
    token = payload.NextToken ?? undefined;
  } while (token !== undefined && token !== '');
  return items;
}

/**
 * One version of an order. Dates have whole seconds, in which an order may change twice, so its status is part of it. What
 * has no number or date of its own goes by what it says.
 */
function deliveryIdOf(order: Listed): string {
  const { AmazonOrderId: id, LastUpdateDate: changed, OrderStatus: status } = order;
  if (typeof id === 'string' && typeof changed === 'string') return `${id}@${changed} ${String(status)}`.slice(0, 200);
  return `unreadable-${createHash('sha256').update(stringifyExactJson(order)).digest('hex').slice(0, 40)}`;
}

const changedAt = ({ LastUpdateDate }: Listed): string => instantOf(LastUpdateDate) ?? '';

function instantOf(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Numbers keep their digits, so that the message says what Amazon said. @throws ConnectorError */
function understood<S extends typeof ordersAnswer | typeof itemsAnswer>(answer: Answer, schema: S, what: string) {
  const error = refused(answer);
  if (error !== undefined) throw error;
  let document: unknown;
  try {
    document = parseToCopy(answer.body);
  } catch {
    throw unreadable(`${what} is not JSON.`);
  }
  const read = schema.safeParse(document);
  if (read.success) return read.data as ReturnType<S['parse']>;
  const issue = read.error.issues[0];
  throw unreadable(`${what} cannot be understood at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function milliseconds(system: System, setting: string, usual: number): number {
  const seconds = Number(system.settings[setting] ?? usual);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new Error(`The setting ${setting} of the system "${system.id}" is no number of seconds.`);
}

function demanded(system: System, setting: string): string {
  const value = system.settings[setting];
  if (value !== undefined && value !== '') return value;
  throw new Error(`The system "${system.id}" needs the setting "${setting}" in the estate file.`);
}
