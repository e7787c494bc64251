import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportDeliveries } from '#app/webhooks/export.ts';

/** `GET /webhooks/:id/deliveries.csv`: the delivery log of a webhook with the filters of the address. */
export async function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  const id = args.params['id'] ?? '';
  if ((await args.context.webhooks.get(id)) === undefined)
    throw new Response('There is no such webhook.', { status: 404 });
  return exportDeliveries(args.context, id, new URL(args.request.url).searchParams);
}
