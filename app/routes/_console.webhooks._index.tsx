import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { saveWebhook } from '#app/commands/webhook.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentWebhooks } from '#app/presenters/webhooks.ts';
import { WebhookList } from '#app/webhooks/webhook-list.tsx';

export const meta: MetaFunction = () => [{ title: 'Webhooks · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  return presentWebhooks(args.context, requirePermission(args, 'figures.read'));
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'webhooks.write');
  return saveWebhook({ context: args.context, viewer, form: await args.request.formData() });
}

export default function Webhooks() {
  const list = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 5_000 });
  return <WebhookList list={list} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
