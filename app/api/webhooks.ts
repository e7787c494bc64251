import { z } from 'zod';
import { eventName } from '#contracts/v1/business-event.ts';
import { commandRequests } from '#contracts/v1/commands.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { delivery, deliveryOutcome, webhook, webhookHealth, webhookId } from '#contracts/v1/webhook.ts';
import { webhookDeliveries, webhookDeliveryCounts } from '#app/queries/webhook-deliveries.ts';
import { unknown } from '#platform/http/problem.ts';
import { operation, pageOf, paging } from './operation.ts';
import { command, done } from './reply.ts';

const tag = 'Webhooks' as const;
const id = { description: 'Id of a webhook', schema: webhookId };
const withHealth = z.object({ webhook, health: webhookHealth.optional() });

const listWebhooks = operation({
  method: 'GET',
  path: '/api/v1/webhooks',
  tag,
  summary: 'Who is told of what, and how their endpoints do',
  description: 'Secrets are in no answer but that of the command that made them.',
  scope: 'webhooks.write',
  answer: { name: 'WebhookList', schema: z.object({ webhooks: z.array(withHealth) }) },
  handle: async ({ services }) => ({ webhooks: await services.webhooks.all() }),
});

const { actor: _putActor, webhook_id: _putId, ...putShape } = commandRequests['webhook.put'].shape;

const putWebhook = operation({
  method: 'POST',
  path: '/api/v1/webhooks/:id',
  tag,
  summary: 'Make a webhook, or change it',
  description:
    '`version` is the one it was decided on, 0 for a new one, whose secret is in the answer and never again.',
  scope: 'webhooks.write',
  id,
  body: { name: 'WebhookPut', schema: z.strictObject(putShape) },
  answer: done,
  handle: (call) => command(call, 'webhook.put', { ...call.body, actor: call.actor, webhook_id: call.id }),
});

const { actor: _rotateActor, webhook_id: _rotateId, ...rotateShape } = commandRequests['webhook.rotate'].shape;

const rotateWebhook = operation({
  method: 'POST',
  path: '/api/v1/webhooks/:id/rotate',
  tag,
  summary: 'Make a new secret',
  description:
    'For `keep_former_s` seconds messages carry a signature with the former one too. At most five former ones sign at a ' +
    'time: with `retire_former` those before the present one sign no more.',
  scope: 'webhooks.write',
  id,
  body: { name: 'WebhookRotate', schema: z.strictObject(rotateShape) },
  answer: done,
  handle: (call) => command(call, 'webhook.rotate', { ...call.body, actor: call.actor, webhook_id: call.id }),
});

const removeWebhook = operation({
  method: 'POST',
  path: '/api/v1/webhooks/:id/remove',
  tag,
  summary: 'Remove a webhook',
  description: 'Its delivery log stays.',
  scope: 'webhooks.write',
  id,
  body: { name: 'WebhookRemove', schema: z.strictObject({ version: commandRequests['webhook.remove'].shape.version }) },
  answer: done,
  handle: (call) => command(call, 'webhook.remove', { ...call.body, actor: call.actor, webhook_id: call.id }),
});

const { actor: _replayActor, webhook_id: _replayId, ...replayShape } = commandRequests['webhook.replay'].shape;

const replayWebhook = operation({
  method: 'POST',
  path: '/api/v1/webhooks/:id/replay',
  tag,
  summary: 'Tell again',
  description: 'Single events by `event_seqs`, as the delivery log has them, or all from a time to another. Ids stay.',
  scope: 'webhooks.write',
  id,
  body: { name: 'WebhookReplay', schema: z.strictObject(replayShape) },
  answer: done,
  handle: (call) => command(call, 'webhook.replay', { ...call.body, actor: call.actor, webhook_id: call.id }),
});

const DAY_MS = 86_400_000;

const listDeliveries = operation({
  method: 'GET',
  path: '/api/v1/webhooks/:id/deliveries',
  tag,
  summary: 'The delivery log of a webhook, the newest first',
  description: 'Of the last day unless `from` and `to` say otherwise.',
  scope: 'webhooks.write',
  id,
  query: {
    ...paging,
    from: { description: 'From this time on', schema: instant },
    to: { description: 'Up to this time', schema: instant },
    outcome: { description: 'Only attempts with this outcome', schema: deliveryOutcome, list: true },
    event: { description: 'Only of this event', schema: eventName, list: true },
    subject: { description: 'An order’s key or sku@location', schema: z.string().max(400) },
  },
  answer: {
    name: 'DeliveryLog',
    schema: z.object({ deliveries: z.array(delivery), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async ({ services, id: webhook_id, query }) => {
    if ((await services.webhooks.get(webhook_id)) === undefined) throw unknown(`There is no webhook ${webhook_id}.`);
    const { page, per_page, offset } = pageOf(query);
    const now = services.now().getTime();
    const filter = {
      webhook: webhook_id,
      from: query.from ?? new Date(now - DAY_MS).toISOString(),
      to: query.to ?? new Date(now + 1_000).toISOString(),
      outcomes: query.outcome,
      events: query.event,
      subject: query.subject ?? '',
    };
    const [rows, [counted]] = await Promise.all([
      services.read(webhookDeliveries, { ...filter, limit: per_page, offset }),
      services.read(webhookDeliveryCounts, filter),
    ]);
    const deliveries = rows.map((row) => ({ v: 1, webhook_id, ...row }));
    return { deliveries, total: counted?.attempts ?? 0, page, per_page };
  },
});

export const webhookOperations = [
  listWebhooks,
  putWebhook,
  rotateWebhook,
  removeWebhook,
  replayWebhook,
  listDeliveries,
];
