import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { IncidentsPage } from '#app/incidents/incidents-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentIncidents } from '#app/presenters/incidents.ts';

export const meta: MetaFunction = () => [{ title: 'Incidents · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentIncidents(args.context, viewer, new URL(args.request.url).searchParams);
}

export default function Incidents() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['incidents'] });
  return <IncidentsPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
