import { resourcePath } from '#contracts/v1/intake.ts';
import { isTransactionKey, transactionKey } from '#contracts/v1/key.ts';
import { channelReturn } from '#contracts/v1/returns.ts';
import { check } from '#platform/http/json.ts';
import { invalid, unknown } from '#platform/http/problem.ts';
import { apiRoute, submitRoute, systemOf } from '../api-route.ts';
import { returnName } from '../../flows/return/return-data.ts';
import type { RouteContext } from '../context.ts';
import { readableKey } from './orders.ts';

const TOO_LONG =
  'all but letters, digits, - and _ count three characters or more in its key, which has 300 at the most: use a shorter number, or one of such characters';

/** Returns, as channels, stores and the service desk ask for them and about them. */
export function returnRoutes(context: RouteContext): void {
  submitRoute(context, 'createReturn', (body, { client }) => {
    const { id, role } = systemOf(context, client);
    const { return_id, channel, received } = check(channelReturn, body);
    const { channels, locations } = context.estate;
    const allowed = channels.filter(({ system }) => role !== 'channel' || system === id);
    if (!allowed.some((one) => one.id === channel)) {
      const message = `expected one of: ${allowed.map((one) => one.id).join(', ') || 'none'}`;
      throw invalid('Orders of this channel are not yours to return.', [{ path: '/channel', message }]);
    }
    if (received !== undefined && !locations.some((one) => one.id === received.location))
      throw invalid('The goods cannot be there.', [
        { path: '/received/location', message: `"${received.location}" is no location of this estate` },
      ]);
    const key = transactionKey(id, returnName(return_id));
    if (!isTransactionKey(key))
      throw invalid('The number of the return is too long.', [{ path: '/return_id', message: TOO_LONG }]);
    return {
      topic: 'channel.return',
      key,
      identity: return_id,
      resource: resourcePath('v1', 'returns'),
    };
  });
  apiRoute(context, 'readReturn', async ({ client, parameters }) => {
    const key = readableKey(context, client, parameters['key'] ?? '', refuse);
    return (await context.queries.return(key)) ?? refuse(key);
  });
}

function refuse(key: string): never {
  throw unknown(`There is no return with the key "${key.slice(0, 300)}".`);
}
