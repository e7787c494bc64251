import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { GoingLiveList } from '#app/going-live/going-live-list.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentGoingLive } from '#app/presenters/going-live.ts';

export const meta: MetaFunction = () => [{ title: 'Going live · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentGoingLive(args.context);
}

export default function GoingLive() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 10_000 });
  return <GoingLiveList view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
