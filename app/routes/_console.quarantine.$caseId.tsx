import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { CasePage } from '#app/cases/case-page.tsx';
import { caseIntents, isCaseIntent, workOnCase } from '#app/commands/case.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentCase } from '#app/presenters/case-page.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `Case of ${data?.number ?? ''} · Syncline` }];

export async function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.read');
  const { context, request } = args;
  const view = await presentCase(context, viewer, args.params['caseId'] ?? '');
  // What a browser fetches because a mouse passes over a link nobody has seen; the page itself says so once it is shown.
  if (!isPrefetch(request)) await context.looks.record(viewer, view.caseId, context.clientAddress);
  return view;
}

const isPrefetch = ({ headers }: Request): boolean =>
  (headers.get('sec-purpose') ?? headers.get('purpose') ?? '').startsWith('prefetch');

export async function action(args: ActionFunctionArgs) {
  requirePermission(args, 'cases.read');
  const form = await args.request.formData();
  const intent = form.get('intent');
  if (!isCaseIntent(intent)) throw new Response('Unknown action.', { status: 400 });
  const viewer = requirePermission(args, caseIntents[intent]);
  return workOnCase({ context: args.context, viewer, caseId: args.params['caseId'] ?? '', form }, intent);
}

export default function Case() {
  const view = useLoaderData<typeof loader>();
  const replaying = view.status === 'replaying';
  useLive({
    topics: ['cases', 'steps'],
    keys: [view.key],
    everyMs: replaying ? 1_000 : 15_000,
    final: !view.open && !view.orderMoves,
  });
  return <CasePage key={view.caseId} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
