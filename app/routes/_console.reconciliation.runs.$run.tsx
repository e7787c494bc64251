import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentReconciliationRun } from '#app/presenters/reconciliation-run.ts';
import { RunPage } from '#app/reconciliation/run-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Comparison · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentReconciliationRun(args.context, args.params['run'] ?? '');
}

export default function ReconciliationRun() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: view.running ? ['cases'] : [], everyMs: view.running ? 2_000 : 60_000 });
  return <RunPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
