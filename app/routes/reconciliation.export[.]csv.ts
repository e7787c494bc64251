import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportBreaks } from '#app/reconciliation/export.ts';

/** `GET /reconciliation/export.csv`: the list of breaks with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportBreaks(args.context, new URL(args.request.url).searchParams);
}
