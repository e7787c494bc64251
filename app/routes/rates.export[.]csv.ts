import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportRates } from '#app/rates/export.ts';

/** `GET /rates/export.csv`: the rate table with the filter of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportRates(args.context, new URL(args.request.url).searchParams);
}
