import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { removeWebhook, replayWebhook, rotateSecret, saveWebhook, switchWebhook } from '#app/commands/webhook.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentWebhookPage } from '#app/presenters/webhooks.ts';
import { WebhookPage } from '#app/webhooks/webhook-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Webhook'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  const search = new URL(args.request.url).searchParams;
  return presentWebhookPage(args.context, viewer, args.params['id'] ?? '', search);
}

const actions = {
  save: saveWebhook,
  switch: switchWebhook,
  rotate: rotateSecret,
  remove: removeWebhook,
  replay: replayWebhook,
} as const;

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'webhooks.write');
  const form = await args.request.formData();
  const intent = form.get('intent');
  const act = Object.entries(actions).find(([name]) => name === intent)?.[1];
  if (act === undefined) throw new Response('Unknown action.', { status: 400 });
  return act({ context: args.context, viewer, form }, args.params['id'] ?? '');
}

export default function Webhook() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 3_000 });
  return <WebhookPage key={view.id} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
