import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRejectedEvents } from '#app/presenters/rejected.ts';
import { RejectedPage } from '#app/rejected/rejected-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Rejected events · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'rejected.read');
  return presentRejectedEvents(args.context, new URL(args.request.url).searchParams);
}

export default function Rejected() {
  const view = useLoaderData<typeof loader>();
  useLive({ everyMs: 15_000, final: view.final });
  return <RejectedPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
