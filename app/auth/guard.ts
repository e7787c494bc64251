import { redirect } from '@remix-run/node';
import { may, type Permission } from '#contracts/v1/permissions.ts';
import type { AppContext } from '#app/server/context.ts';
import type { Viewer } from './viewer.ts';
import { endedParam, nextOf } from './next.ts';

export interface Guarded {
  request: Request;
  context: AppContext;
}

/**
 * The signed-in viewer; otherwise the request is sent to sign in and comes back afterwards.
 * @throws Response 302 to /sign-in
 */
export function requireUser({ request, context }: Guarded): Viewer {
  if (context.viewer) return context.viewer;
  const next = encodeURIComponent(nextOf(request));
  throw redirect(`/sign-in?next=${next}${context.sessionEnded ? `&${endedParam}=1` : ''}`);
}

/**
 * The signed-in viewer if their roles grant `wanted`. Called at the top of every loader and action.
 * @throws Response 302 to /sign-in, or 403 with the permission's name, which is audited
 */
export function requirePermission(args: Guarded, wanted: Permission): Viewer {
  const viewer = requireUser(args);
  if (may(viewer.roles, wanted)) return viewer;
  args.context.audit.record({
    action: 'refused',
    actor: viewer.id,
    object_kind: 'permission',
    object_id: wanted,
    outcome: 'forbidden',
    detail: { path: new URL(args.request.url).pathname.slice(0, 500), method: args.request.method },
    personal: { address: args.context.clientAddress },
  });
  throw new Response(wanted, { status: 403, statusText: 'Forbidden' });
}
