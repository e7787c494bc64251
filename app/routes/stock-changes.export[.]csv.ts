import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportStockChanges } from '#app/inventory/change-export.ts';

/** `GET /stock-changes/export.csv`: the list of stock changes with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportStockChanges(args.context, new URL(args.request.url).searchParams);
}
