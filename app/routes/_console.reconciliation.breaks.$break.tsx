import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { workOnBreak } from '#app/commands/reconciliation.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentBreakPage } from '#app/presenters/reconciliation-break.ts';
import { BreakPage } from '#app/reconciliation/break-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.what ?? 'Break'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentBreakPage(args.context, args.params['break'] ?? '', viewer);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'breaks.work');
  const form = await args.request.formData();
  return workOnBreak({ context: args.context, viewer, form }, args.params['break'] ?? '');
}

export default function Break() {
  useLive({ topics: ['cases'], everyMs: 15_000 });
  return <BreakPage view={useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
