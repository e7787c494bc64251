import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportStores } from '#app/stores/export.ts';

/** `GET /stores/export.csv`: the stores with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportStores(args.context, new URL(args.request.url).searchParams);
}
