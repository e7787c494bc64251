import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { startReconciliation } from '#app/commands/reconciliation.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentReconciliation } from '#app/presenters/reconciliation.ts';
import { ReconciliationPage } from '#app/reconciliation/reconciliation-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Reconciliation · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentReconciliation(args.context, new URL(args.request.url).searchParams, viewer);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'reconciliation.run');
  return startReconciliation({ context: args.context, viewer, form: await args.request.formData() });
}

export default function Reconciliation() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['cases'], everyMs: view.runs.some(({ running }) => running) ? 2_000 : 15_000 });
  return <ReconciliationPage view={view} result={useActionData<typeof action>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
