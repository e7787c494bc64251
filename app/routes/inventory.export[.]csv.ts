import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportItems } from '#app/inventory/export.ts';

/** `GET /inventory/export.csv`: the list of items with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportItems(args.context, new URL(args.request.url).searchParams);
}
