import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { QuarantineList } from '#app/cases/quarantine-list.tsx';
import { bulkIntents, isBulkIntent, workOnCases } from '#app/commands/case-bulk.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentCaseList } from '#app/presenters/case-list.ts';

export const meta: MetaFunction = () => [{ title: 'Quarantine · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.read');
  return presentCaseList(args.context, viewer, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  requirePermission(args, 'cases.read');
  const data = await args.request.formData();
  const intent = data.get('intent');
  if (!isBulkIntent(intent)) throw new Response('Unknown action.', { status: 400 });
  const viewer = requirePermission(args, bulkIntents[intent]);
  return workOnCases({ context: args.context, viewer, data }, intent);
}

export default function Quarantine() {
  const list = useLoaderData<typeof loader>();
  useLive({ topics: ['cases'], everyMs: 30_000 });
  return <QuarantineList list={list} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
