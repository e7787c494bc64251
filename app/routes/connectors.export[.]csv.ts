import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportConnectors } from '#app/connectors/export.ts';

/** `GET /connectors/export.csv`: every connector, with the calls of the time that the address names. */
export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return exportConnectors(args.context, viewer, new URL(args.request.url).searchParams);
}
