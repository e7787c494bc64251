import { channelPrice } from '#contracts/v1/channel-api.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { check } from '#platform/http/json.ts';
import { unknown } from '#platform/http/problem.ts';
import { submitRoute, systemOf } from '../api-route.ts';
import type { RouteContext } from '../context.ts';
import { skuOf } from './master-data.ts';

/** Prices, as PIM and pricing tools put them. */
export function priceRoutes(context: RouteContext): void {
  submitRoute(context, 'putPrice', (body, { client, parameters }) => {
    systemOf(context, client);
    const { channel = '' } = parameters;
    if (!context.estate.channels.some(({ id }) => id === channel))
      throw unknown('The channel in the path is not declared in this estate.');
    const item = skuOf(parameters['sku']);
    const { version } = check(channelPrice, body);
    return {
      topic: 'channel.price',
      key: `${item}@${channel}`,
      identity: String(version),
      resource: resourcePath('v1', 'prices', channel, item),
    };
  });
}
