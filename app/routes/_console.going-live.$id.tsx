import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { GoingLivePage } from '#app/going-live/going-live-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentGoingLiveOf } from '#app/presenters/going-live.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.name ?? 'A system'} going live · Syncline` },
];

/** What is decided here goes to the connector's own page: it is one of its switches. */
export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentGoingLiveOf(args.context, viewer, args.params['id'] ?? '');
}

export default function GoingLiveOf() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 5_000 });
  return <GoingLivePage key={view.id} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
