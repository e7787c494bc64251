import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportReturns } from '#app/returns/export.ts';

/** `GET /returns/export.csv`: the list of returns with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'orders.read');
  return exportReturns(args.context, new URL(args.request.url).searchParams);
}
