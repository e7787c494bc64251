import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { errorClass } from '#contracts/v1/step-event.ts';
import { requirePermission } from '#app/auth/guard.ts';
import { RunbookView } from '#app/runbooks/runbook-view.tsx';
import { runbooks } from '#app/runbooks/runbooks.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? runbooks[data.errorClass].title : 'Runbook'} · Syncline` },
];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'cases.read');
  const parsed = errorClass.safeParse(args.params['class']);
  if (!parsed.success) throw new Response('There is no such runbook.', { status: 404 });
  return { errorClass: parsed.data };
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';

export default function Runbook() {
  return <RunbookView errorClass={useLoaderData<typeof loader>().errorClass} />;
}
