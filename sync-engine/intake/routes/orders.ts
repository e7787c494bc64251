import { channelOrder, type ChannelOrder } from '#contracts/v1/channel-api.ts';
import type { ApiClient } from '#contracts/v1/channel-api.ts';
import { parseTransactionKey, transactionKey } from '#contracts/v1/key.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { apiRoute, submitRoute, systemOf } from '../api-route.ts';
import type { RouteContext } from '../context.ts';
import { check } from '#platform/http/json.ts';
import { invalid, unknown } from '#platform/http/problem.ts';

/** Orders of channels that speak Syncline's own API, and what can be asked about any order. */
export function orderRoutes(context: RouteContext): void {
  submitRoute(context, 'createOrder', (body, { client }) => {
    const order = check(channelOrder, body);
    const system = systemOf(context, client);
    checkChannel(context, system.id, order);
    return {
      topic: 'channel.order',
      key: transactionKey(system.id, order.external_id),
      identity: order.external_id,
      resource: resourcePath('v1', 'orders'),
    };
  });
  apiRoute(context, 'readOrder', async ({ client, parameters }) => {
    const key = readableKey(context, client, parameters['key'] ?? '');
    return (await context.queries.order(key)) ?? refuse(key);
  });
  for (const name of ['readOrderPostings', 'readPostings'] as const)
    apiRoute(context, name, async ({ client, parameters }) => {
      const key = readableKey(context, client, parameters['key'] ?? '');
      return (await context.queries.postings(key)) ?? refuse(key);
    });
}

/** The channel must be one of the caller's, and must be named where there are several. */
function checkChannel({ estate }: RouteContext, system: string, order: ChannelOrder): void {
  const own = estate.channels.filter((channel) => channel.system === system);
  const names = own.map(({ id }) => id).join(', ') || 'none';
  const fits = order.channel === undefined ? own.length === 1 : own.some(({ id }) => id === order.channel);
  const message = order.channel === undefined ? `must be named, one of: ${names}` : `is not yours; yours are: ${names}`;
  if (!fits) throw invalid('The channel of the order cannot be told.', [{ path: '/channel', message }]);
}

/**
 * A channel sees its own orders only; systems of record and warehouses take part in all of them. What a client may not
 * see is answered like what does not exist.
 */
export function readableKey(
  context: RouteContext,
  client: ApiClient,
  key: string,
  refused: (key: string) => never = refuse,
): string {
  const { id, role } = systemOf(context, client);
  const parsed = parseTransactionKey(key);
  if (parsed === undefined || (['channel', 'stores'].includes(role) && parsed.system !== id)) return refused(key);
  // Written anew, since the key becomes part of a subject: nothing but an encoded key may reach it.
  return transactionKey(parsed.system, parsed.externalId);
}

function refuse(key: string): never {
  throw unknown(`There is no order with the key "${key.slice(0, 300)}".`);
}
