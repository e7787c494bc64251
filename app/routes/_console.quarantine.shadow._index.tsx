import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { startShadow } from '#app/commands/shadow.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentShadows } from '#app/presenters/shadows.ts';
import { ShadowList } from '#app/shadow/shadow-list.tsx';

export const meta: MetaFunction = () => [{ title: 'Shadow replay · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  return presentShadows(args.context, requirePermission(args, 'cases.read'));
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  return startShadow({ context: args.context, viewer, form: await args.request.formData() });
}

export default function Shadows() {
  const list = useLoaderData<typeof loader>();
  const running = list.rows.some((row) => row.running);
  useLive({ topics: [], everyMs: running ? 2_000 : 30_000 });
  return <ShadowList list={list} result={useActionData<typeof action>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
