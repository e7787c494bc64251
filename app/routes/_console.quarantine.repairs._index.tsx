import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRuns } from '#app/presenters/repair-runs.ts';
import { RunList } from '#app/repairs/run-list.tsx';

export const meta: MetaFunction = () => [{ title: 'Repairs · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  return presentRuns(args.context, requirePermission(args, 'cases.read'));
}

export default function Repairs() {
  const { runs } = useLoaderData<typeof loader>();
  useLive({ topics: ['cases'], everyMs: 15_000 });
  return <RunList runs={runs} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
