import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportRejected } from '#app/rejected/export.ts';

/** `GET /rejected/export.csv`: the list of rejected events with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'rejected.read');
  return exportRejected(args.context, new URL(args.request.url).searchParams);
}
