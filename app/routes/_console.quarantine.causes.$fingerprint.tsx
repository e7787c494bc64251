import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { CausePage } from '#app/causes/cause-page.tsx';
import { isCauseIntent, workOnCause } from '#app/commands/cause.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentCause } from '#app/presenters/cause-page.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? 'Cause'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.read');
  return presentCause(args.context, viewer, args.params['fingerprint'] ?? '');
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'cases.work');
  const form = await args.request.formData();
  const intent = form.get('intent');
  if (!isCauseIntent(intent)) throw new Response('Unknown action.', { status: 400 });
  const fingerprint = args.params['fingerprint'] ?? '';
  return workOnCause({ context: args.context, viewer, fingerprint, form }, intent);
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';

export default function Cause() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['cases'], everyMs: 15_000 });
  return <CausePage key={view.fingerprint} view={view} />;
}
