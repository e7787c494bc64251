import { availabilityQuery, channelStock } from '#contracts/v1/channel-api.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { apiRoute, submitRoute, systemOf } from '../api-route.ts';
import type { RouteContext } from '../context.ts';
import { check } from '#platform/http/json.ts';
import { unknown } from '#platform/http/problem.ts';
import { skuOf } from './master-data.ts';

/** Stock as systems report it, and what may be promised of it. */
export function stockRoutes(context: RouteContext): void {
  const { estate, queries } = context;
  submitRoute(context, 'putStock', (body, { client, parameters }) => {
    systemOf(context, client);
    const { location = '' } = parameters;
    if (!estate.locations.some(({ id }) => id === location))
      throw unknown('The location in the path is not declared in this estate.');
    const item = skuOf(parameters['sku']);
    const { version } = check(channelStock, body);
    return {
      topic: 'channel.stock',
      key: `${item}@${location}`,
      identity: String(version),
      resource: resourcePath('v1', 'stock', location, item),
    };
  });
  apiRoute(context, 'readAvailability', async ({ client, request }) => {
    const query = check(availabilityQuery, request.query);
    const { id, role } = systemOf(context, client);
    const own = estate.channels.filter((channel) => channel.system === id).map((channel) => channel.id);
    const mayAsk = (channel: string) => !['channel', 'stores'].includes(role) || own.includes(channel);
    if (query.channel !== undefined && !mayAsk(query.channel)) throw unknown('That channel is not yours.');
    const { items } = await queries.availability(query);
    return { items: items.filter((item) => mayAsk(item.channel)) };
  });
}
