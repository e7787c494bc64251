import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { presentOpenIncidents, type OpenIncident } from '#app/presenters/incidents.ts';

export interface OpenIncidentsAnswer {
  incidents: OpenIncident[];
}

/** `GET /incidents/open`: what the banner of every page tells of. */
export function loader(args: LoaderFunctionArgs): Response {
  requirePermission(args, 'figures.read');
  return Response.json({ incidents: presentOpenIncidents(args.context) } satisfies OpenIncidentsAnswer);
}
