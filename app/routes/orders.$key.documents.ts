import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { presentDocuments } from '#app/presenters/documents.ts';

/** `GET /orders/:key/documents`: payloads of one order with personal data hidden. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'payloads.read');
  return presentDocuments(args.context, { key: args.params['key'] ?? '', revealed: false });
}

/** `POST /orders/:key/documents`: the same with personal data shown. Who asked is in the audit. */
export function action(args: ActionFunctionArgs) {
  requirePermission(args, 'payloads.read');
  const viewer = requirePermission(args, 'personal_data.read');
  const key = args.params['key'] ?? '';
  args.context.audit.record({
    action: 'revealed',
    actor: viewer.id,
    object_kind: 'order',
    object_id: key.slice(0, 400),
    personal: { address: args.context.clientAddress },
  });
  return presentDocuments(args.context, { key, revealed: true });
}
