import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import {
  cancelMaintenance,
  drainConnector,
  observeSystem,
  pauseConnector,
  planMaintenance,
  resumeConnector,
  subscribeWebhook,
  takeLive,
} from '#app/commands/connector.ts';
import { ConnectorPage } from '#app/connectors/connector-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentConnector } from '#app/presenters/connectors.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Connector'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  const search = new URL(args.request.url).searchParams;
  return presentConnector(args.context, viewer, args.params['id'] ?? '', search);
}

const actions = {
  pause: pauseConnector,
  resume: resumeConnector,
  drain: drainConnector,
  plan: planMaintenance,
  cancel: cancelMaintenance,
  observe: observeSystem,
  live: takeLive,
  subscribe: subscribeWebhook,
} as const;

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'connectors.control');
  const form = await args.request.formData();
  const intent = form.get('intent');
  const act = Object.entries(actions).find(([name]) => name === intent)?.[1];
  if (act === undefined) throw new Response('Unknown action.', { status: 400 });
  return act({ context: args.context, viewer, form }, args.params['id'] ?? '');
}

export default function Connector() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 2_000 });
  return <ConnectorPage key={view.id} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
