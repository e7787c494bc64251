import { channelCustomer } from '#contracts/v1/channel-api.ts';
import { customer } from '#contracts/v1/customer.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { check } from '#platform/http/json.ts';
import { invalid } from '#platform/http/problem.ts';
import { submitRoute, systemOf } from '../api-route.ts';
import type { RouteContext } from '../context.ts';

/** Customers, as shops, tills and loyalty programmes know them. */
export function customerRoutes(context: RouteContext): void {
  submitRoute(context, 'putCustomer', (body, { client, parameters }) => {
    systemOf(context, client);
    const id = customer.shape.external_id.safeParse(parameters['id']);
    if (!id.success)
      throw invalid('The customer number in the path is not valid.', [
        { path: 'id', message: id.error.issues[0]?.message ?? 'is no customer number' },
      ]);
    const { updated_at } = check(channelCustomer, body);
    return {
      topic: 'channel.customer',
      key: id.data,
      identity: updated_at,
      resource: resourcePath('v1', 'customers', id.data),
    };
  });
}
