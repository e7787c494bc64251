import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportPostings } from '#app/postings/export.ts';

/** `GET /postings/export.csv`: the list of postings with the filters of the address. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportPostings(args.context, new URL(args.request.url).searchParams);
}
