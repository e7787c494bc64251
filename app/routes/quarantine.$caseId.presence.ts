import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { caseId } from '#contracts/v1/commands.ts';
import { may } from '#contracts/v1/permissions.ts';
import { requirePermission } from '#app/auth/guard.ts';
import { beat, type Present } from '#app/presence/present.ts';

export interface PresenceAnswer {
  present: Present[];
}

function caseOf(params: LoaderFunctionArgs['params']): string {
  const parsed = caseId.safeParse(params['caseId']);
  if (!parsed.success) throw new Response('There is no such case.', { status: 404 });
  return parsed.data;
}

/** `GET /quarantine/:caseId/presence`: who else has the case open. */
export function loader(args: LoaderFunctionArgs): Response {
  const viewer = requirePermission(args, 'cases.read');
  return answer(args.context.presence.at(caseOf(args.params), viewer.email));
}

const answer = (present: Present[]): Response => Response.json({ present } satisfies PresenceAnswer);

/** A tab's beat: it shows the case, its text is being edited, or it is being closed. */
export async function action(args: ActionFunctionArgs): Promise<Response> {
  const viewer = requirePermission(args, 'cases.read');
  const id = caseOf(args.params);
  const { presence, looks, clientAddress } = args.context;
  const parsed = beat.safeParse(Object.fromEntries(await args.request.formData()));
  if (!parsed.success) throw new Response('This is no beat of a page.', { status: 400 });
  const { tab, doing } = parsed.data;
  const place = { caseId: id, userId: viewer.id, tab };
  if (doing === 'left') await presence.left(place);
  else {
    const editing = doing === 'editing' && may(viewer.roles, 'cases.work');
    await presence.here(place, { email: viewer.email, editing });
    await looks.record(viewer, id, clientAddress);
  }
  return answer(presence.at(id, viewer.email));
}
