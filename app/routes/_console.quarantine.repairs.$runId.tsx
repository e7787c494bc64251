import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { controlRepair } from '#app/commands/repair.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRepairRun } from '#app/presenters/repair-runs.ts';
import { RunPage } from '#app/repairs/run-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.what ?? 'Repair'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.read');
  return presentRepairRun(args.context, viewer, args.params['runId'] ?? '', new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'cases.replay');
  return controlRepair(args.context, viewer, args.params['runId'] ?? '', await args.request.formData());
}

export default function Repair() {
  const view = useLoaderData<typeof loader>();
  const moving = ['listing', 'trying', 'replaying', 'paused'].includes(view.status);
  useLive({ topics: ['cases'], everyMs: moving ? 1_500 : 30_000 });
  return <RunPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
