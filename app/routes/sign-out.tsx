import { redirect, type ActionFunctionArgs } from '@remix-run/node';

export const loader = () => redirect('/');

export async function action({ request, context }: ActionFunctionArgs) {
  const cookie = await context.sessions.end(request.headers.get('cookie') ?? undefined);
  if (context.viewer)
    context.audit.record({
      action: 'signed_out',
      actor: context.viewer.id,
      personal: { address: context.clientAddress },
    });
  throw redirect('/sign-in', { headers: { 'set-cookie': cookie } });
}
