import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission, requireUser } from '#app/auth/guard.ts';
import { changeIncident, isIncidentIntent } from '#app/commands/incident.ts';
import { IncidentPage } from '#app/incidents/incident-page.tsx';
import { interestIn } from '#app/incidents/interest.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentIncident } from '#app/presenters/incident-page.ts';
import { incidentPermission } from '#contracts/v1/incident.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.id ?? 'Incident'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentIncident(args.context, viewer, args.params['id'] ?? '');
}

export async function action(args: ActionFunctionArgs) {
  requireUser(args);
  const form = await args.request.formData();
  const intent = form.get('intent');
  if (!isIncidentIntent(intent)) throw new Response('Unknown action.', { status: 400 });
  const viewer = requirePermission(args, incidentPermission[intent]);
  return changeIncident({ context: args.context, viewer, form }, args.params['id'] ?? '', intent);
}

export default function Incident() {
  const view = useLoaderData<typeof loader>();
  useLive(interestIn(view));
  return <IncidentPage key={view.id} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
