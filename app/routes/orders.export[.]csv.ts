import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportOrders } from '#app/orders/export.ts';

/** `GET /orders/export.csv`: the order list with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'orders.read');
  return exportOrders(args.context, new URL(args.request.url).searchParams, viewer);
}
