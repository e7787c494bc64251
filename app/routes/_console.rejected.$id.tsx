import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { presentRejectedEvent, revealRejectedEvent } from '#app/presenters/rejected-event.ts';
import { RejectedEventPage } from '#app/rejected/rejected-event-page.tsx';

export const meta: MetaFunction = () => [{ title: 'A rejected event · Syncline' }];

const absent = () => new Response('There is no such rejected event.', { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'rejected.read');
  const event = await presentRejectedEvent(args.context, viewer, args.params['id'] ?? '');
  if (event === undefined) throw absent();
  return event;
}

/** `POST`: its text with personal data shown. Who asked is in the audit. */
export async function action(args: ActionFunctionArgs) {
  requirePermission(args, 'rejected.read');
  requirePermission(args, 'payloads.read');
  const viewer = requirePermission(args, 'personal_data.read');
  const id = args.params['id'] ?? '';
  const revealed = await revealRejectedEvent(args.context, id);
  if (revealed === undefined) throw absent();
  args.context.audit.record({
    action: 'revealed',
    actor: viewer.id,
    object_kind: 'rejected_event',
    object_id: id.slice(0, 400),
    personal: { address: args.context.clientAddress },
  });
  return revealed;
}

export default function RejectedEvent() {
  return <RejectedEventPage event={useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
