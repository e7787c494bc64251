import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { ConnectorList } from '#app/connectors/connector-list.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentConnectors } from '#app/presenters/connectors.ts';

export const meta: MetaFunction = () => [{ title: 'Connectors · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentConnectors(args.context, viewer, new URL(args.request.url).searchParams);
}

export default function Connectors() {
  const list = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 3_000 });
  return <ConnectorList list={list} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
