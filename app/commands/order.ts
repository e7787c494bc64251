import { z } from 'zod';
import type { CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { slug } from '#contracts/v1/primitives.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords } from '#app/words/names.ts';

const orderForm = z.object({
  intent: z.enum(['hold', 'release', 'cancel', 'reroute']),
  reason: z.string().trim().max(1000),
  /** Where it is moved to, and from where. */
  to: slug.optional(),
  from: slug.optional(),
});

/** What became of an action, to be said beside it. */
export interface ActionResult {
  ok: boolean;
  intent: string;
  message: string;
}

/** Holds, releases, cancels or reroutes one order, as the form asks, on behalf of the viewer. */
export async function controlOrder(
  context: AppContext,
  viewer: Viewer,
  key: string,
  form: FormData,
): Promise<ActionResult> {
  const parsed = orderForm.safeParse({
    intent: form.get('intent'),
    reason: form.get('reason') ?? '',
    to: form.get('to') || undefined,
    from: form.get('from') || undefined,
  });
  if (!parsed.success)
    return { ok: false, intent: '', message: 'The form was not understood. Reload the page and try again.' };
  const { intent, reason, to, from } = parsed.data;
  if (reason === '' && intent !== 'release')
    return { ok: false, intent, message: 'Give a reason: colleagues read it on the order’s page.' };
  const actor = { id: viewer.email, roles: [...viewer.roles] };
  const reply = await (intent === 'reroute'
    ? reroute(context, { actor, key, reason, to, from })
    : context.command(`order.${intent}`, { actor, key, reason }));
  return { ok: reply.ok, intent, message: messageOf(reply, context.estate) };
}

type Reroute = Omit<CommandRequest<'order.reroute'>, 'to' | 'from'> & {
  to: string | undefined;
  from: string | undefined;
};

function reroute(context: AppContext, { to, from, ...request }: Reroute): Promise<CommandReply> {
  if (to === undefined)
    return Promise.resolve({
      ok: false,
      error: { code: 'invalid', message: 'Choose the location it is to ship from.', fields: [] },
    });
  return context.command('order.reroute', { ...request, to, ...(from !== undefined && { from }) });
}

/** The engine's words, with the fields it names and with the estate's names for its ids. */
export function messageOf(reply: CommandReply, estate: Estate): string {
  const said = reply.ok
    ? [reply.message]
    : [reply.error.message, ...reply.error.fields.map((field) => field.message)].filter((text) => text !== '');
  return inWords([...new Set(said)].join(' '), estateNames(estate));
}
