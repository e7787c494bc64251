import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentReturns } from '#app/presenters/returns.ts';
import { ReturnsPage } from '#app/returns/returns-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Returns · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'orders.read');
  return presentReturns(args.context, new URL(args.request.url).searchParams);
}

export default function Returns() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], flows: ['return_to_refund'], everyMs: 15_000 });
  return <ReturnsPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
