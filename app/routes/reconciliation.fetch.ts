import type { ActionFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { fetchMissingOrders } from '#app/commands/missing-orders.ts';

/** `POST /reconciliation/fetch`: has orders that never arrived fetched and sent through. */
export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'cases.replay');
  const form = await args.request.formData();
  return Response.json(await fetchMissingOrders({ context: args.context, viewer, form }));
}
