import { redirect } from '@remix-run/node';
import { z } from 'zod';
import type { CommandReply } from '#contracts/v1/commands.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { runPath } from '#app/reconciliation/paths.ts';
import { messageOf } from './order.ts';

/** What became of an action, to be said beside it. */
export interface ReconciliationResult {
  ok: boolean;
  intent: string;
  message: string;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate'>;
  viewer: Viewer;
  form: FormData;
}

const actorOf = ({ email, roles }: Viewer) => ({ id: email, roles: [...roles] });
const notUnderstood = { ok: false, intent: '', message: 'The form was not understood. Reload the page and try again.' };

/** Begins a comparison and leads to it. */
export async function startReconciliation({ context, viewer, form }: Asked): Promise<ReconciliationResult> {
  const plan = form.get('plan');
  if (typeof plan !== 'string') return notUnderstood;
  const reply = await context.command('reconciliation.run', { actor: actorOf(viewer), plan });
  if (reply.ok && reply.reconciliation !== undefined) throw redirect(runPath(reply.reconciliation.run_id));
  return { ok: false, intent: 'run', message: messageOf(reply, context.estate) };
}

const breakForm = z.object({
  intent: z.enum(['assign', 'comment', 'close']),
  revision: z.coerce.number().int().positive(),
  assignee: z.string().max(200).default(''),
  note: z.string().trim().max(4000).default(''),
  reason: z.string().trim().max(1000).default(''),
  document_number: z.string().trim().max(128).default(''),
});

/** Assigns, comments on or closes one break, as the form asks. */
export async function workOnBreak({ context, viewer, form }: Asked, id: string): Promise<ReconciliationResult> {
  const parsed = breakForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) return notUnderstood;
  const { intent, revision, assignee, note, reason, document_number } = parsed.data;
  const on = { actor: actorOf(viewer), break_id: id, revision };
  const asked: Record<typeof intent, () => Promise<CommandReply> | string> = {
    assign: () => context.command('break.assign', { ...on, assignee }),
    comment: () =>
      note === '' ? 'Write what colleagues should know.' : context.command('break.comment', { ...on, note }),
    close: () =>
      reason === ''
        ? 'Give the reason: it is the evidence.'
        : context.command('break.close', { ...on, reason, document_number }),
  };
  const reply = await asked[intent]();
  if (typeof reply === 'string') return { ok: false, intent, message: reply };
  return { ok: reply.ok, intent, message: messageOf(reply, context.estate) };
}
