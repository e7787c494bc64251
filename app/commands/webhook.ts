import { redirect } from '@remix-run/node';
import { eventName } from '#contracts/v1/business-event.ts';
import type { CommandReply } from '#contracts/v1/commands.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { webhookPath, webhooksPath } from '#app/webhooks/paths.ts';
import { messageOf } from './order.ts';
import { actorOf, text } from './rule.ts';

/** What became of an action on webhooks. A secret is in it once: where it was made. */
export interface WebhookResult {
  ok: boolean;
  intent: string;
  message: string;
  secret?: string;
  /** Of a webhook that was made. */
  path?: string;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate' | 'webhooks'>;
  viewer: Viewer;
  form: FormData;
}

/** An id from a name, with something that no other has: `erp-mirror-4f2a`. */
const idOf = (name: string): string => {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  return `${slug || 'webhook'}-${crypto.randomUUID().slice(0, 4)}`;
};

/** Makes a webhook, or changes the one with this id as it stood when the person decided. */
export async function saveWebhook({ context, viewer, form }: Asked, id?: string): Promise<WebhookResult> {
  const intent = 'save';
  const events = form.getAll('event').flatMap((one) => eventName.safeParse(one).data ?? []);
  const name = text(form, 'name').slice(0, 100);
  if (name === '') return { ok: false, intent, message: 'Give it a name, such as the receiver’s.' };
  if (events.length === 0) return { ok: false, intent, message: 'Choose at least one event it is told of.' };
  const webhook_id = id ?? idOf(name);
  const reply = await context.command('webhook.put', {
    actor: actorOf(viewer),
    webhook_id,
    version: id === undefined ? 0 : Number(text(form, 'version')),
    name,
    url: text(form, 'url'),
    events,
    status: text(form, 'status') === 'paused' ? 'paused' : 'active',
    reason: text(form, 'reason').slice(0, 1000),
  });
  return resultOf(intent, reply, context, webhookPath(webhook_id));
}

/** Pauses it, or lets it be told again; all else stays as it is. */
export async function switchWebhook({ context, viewer, form }: Asked, id: string): Promise<WebhookResult> {
  const intent = 'switch';
  const now = await context.webhooks.get(id);
  if (now === undefined) return { ok: false, intent, message: 'It is no longer there.' };
  const { name, url, events } = now.webhook;
  const reply = await context.command('webhook.put', {
    actor: actorOf(viewer),
    webhook_id: id,
    version: Number(text(form, 'version')),
    name,
    url,
    events,
    status: text(form, 'status') === 'paused' ? 'paused' : 'active',
    reason: text(form, 'reason').slice(0, 1000),
  });
  return resultOf(intent, reply, context);
}

export async function rotateSecret({ context, viewer, form }: Asked, id: string): Promise<WebhookResult> {
  const reply = await context.command('webhook.rotate', {
    actor: actorOf(viewer),
    webhook_id: id,
    version: Number(text(form, 'version')),
    retire_former: form.has('retire_former'),
  });
  return resultOf('rotate', reply, context);
}

export async function removeWebhook({ context, viewer, form }: Asked, id: string): Promise<WebhookResult> {
  const version = Number(text(form, 'version'));
  const reply = await context.command('webhook.remove', { actor: actorOf(viewer), webhook_id: id, version });
  if (reply.ok) throw redirect(webhooksPath);
  return resultOf('remove', reply, context);
}

/** Tells one event again, or all of the time that the page shows. */
export async function replayWebhook({ context, viewer, form }: Asked, id: string): Promise<WebhookResult> {
  const seq = Number(text(form, 'event_seq'));
  const what =
    Number.isInteger(seq) && seq > 0 ? { event_seqs: [seq] } : { from: text(form, 'from'), to: text(form, 'to') };
  const reply = await context.command('webhook.replay', { actor: actorOf(viewer), webhook_id: id, ...what });
  return resultOf('replay', reply, context);
}

function resultOf(
  intent: string,
  reply: CommandReply,
  context: Pick<AppContext, 'estate'>,
  path?: string,
): WebhookResult {
  const message = messageOf(reply, context.estate);
  const secret = reply.ok ? reply.secret : undefined;
  return {
    ok: reply.ok,
    intent,
    message,
    ...(secret === undefined ? {} : { secret }),
    ...(path === undefined || !reply.ok ? {} : { path }),
  };
}
