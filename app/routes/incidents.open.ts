import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { presentOpenIncidents } from '#app/presenters/incidents.ts';

/** `GET /incidents/open`: what the banner of every page tells of. */
export function loader(args: LoaderFunctionArgs): Response {
  requirePermission(args, 'figures.read');
  return Response.json(presentOpenIncidents(args.context));
}
