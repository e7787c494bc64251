import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportTransactions } from '#app/transactions/export.ts';

/** `GET /transactions/export.csv`: the list of transactions with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'orders.read');
  return exportTransactions(args.context, new URL(args.request.url).searchParams);
}
