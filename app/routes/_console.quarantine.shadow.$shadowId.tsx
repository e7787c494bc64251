import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { abortShadow } from '#app/commands/shadow.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentShadow } from '#app/presenters/shadows.ts';
import { ShadowPage } from '#app/shadow/shadow-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Shadow replay · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  return presentShadow(args.context, requirePermission(args, 'cases.read'), args.params['shadowId'] ?? '');
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  return abortShadow({ context: args.context, viewer }, args.params['shadowId'] ?? '');
}

export default function Shadow() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 1_000, final: !view.running });
  return <ShadowPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
