import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { raiseIncident } from '#app/commands/incident.ts';
import { linkOfKey } from '#app/incidents/links.ts';
import { RaisePage } from '#app/incidents/raise-page.tsx';
import { presentNewIncident } from '#app/presenters/incident-page.ts';

export const meta: MetaFunction = () => [{ title: 'Raise an incident · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'incidents.raise');
  const named = new URL(args.request.url).searchParams.getAll('link').slice(0, 20);
  const links = named.flatMap((key) => linkOfKey(key) ?? []);
  return presentNewIncident(args.context, viewer, links);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'incidents.raise');
  return raiseIncident({ context: args.context, viewer, form: await args.request.formData() });
}

export default function NewIncident() {
  return <RaisePage view={useLoaderData<typeof loader>()} result={useActionData<typeof action>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
