import { redirect, type ActionFunctionArgs } from '@remix-run/node';

export const loader = () => redirect('/');

export async function action({ request, context }: ActionFunctionArgs) {
  const cookie = await context.sessions.end(request.headers.get('cookie') ?? undefined);
  if (context.viewer)
    context.audit.record({ type: 'signed_out', actor: context.viewer.id, address: context.clientAddress, detail: {} });
  throw redirect('/sign-in', { headers: { 'set-cookie': cookie } });
}
