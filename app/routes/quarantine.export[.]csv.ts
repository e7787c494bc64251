import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportCases } from '#app/cases/export.ts';

/** `GET /quarantine/export.csv`: the inbox with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.read');
  return exportCases(args.context, new URL(args.request.url).searchParams, viewer);
}
