import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportIncidents } from '#app/incidents/export.ts';

/** `GET /incidents/export.csv`: the list of incidents with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportIncidents(args.context, new URL(args.request.url).searchParams);
}
