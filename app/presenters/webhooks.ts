import { eventName, eventNames } from '#contracts/v1/business-event.ts';
import { deliveryOutcome } from '#contracts/v1/webhook.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { readListAddress } from '#app/components/table-address.ts';
import { type DeliveryRow, webhookDeliveries, webhookDeliveryCounts } from '#app/queries/webhook-deliveries.ts';
import type { AppContext } from '#app/server/context.ts';
import type { WebhookNow } from '#app/server/webhooks.ts';
import { readTimeRange } from '#app/time-range.ts';
import { deliveryPageSize } from '#app/webhooks/paths.ts';
import { deliveryWords, eventWords, webhookWords } from '#app/words/webhooks.ts';

/** A webhook in one line. */
export function presentWebhook({ webhook, health }: WebhookNow) {
  return {
    id: webhook.webhook_id,
    name: webhook.name,
    url: webhook.url,
    version: webhook.version,
    status: webhook.status,
    state: webhookWords(webhook, health),
    events: webhook.events.map((name) => ({ value: name, label: eventWords(name) })),
    waiting: health?.waiting ?? 0,
    failures: health?.failures ?? 0,
    failingSince: health?.failing_since ?? '',
    lastDeliveredAt: health?.last_delivered_at ?? '',
    lastStatus: health?.last_status ?? 0,
    nextTryAt: (health?.waiting ?? 0) > 0 ? (health?.next_try_at ?? '') : '',
  };
}
export type WebhookLine = ReturnType<typeof presentWebhook>;

const eventChoices = eventNames.map((name) => ({ value: name, label: eventWords(name) }));
export type EventChoice = (typeof eventChoices)[number];

export async function presentWebhooks(context: AppContext, viewer: Viewer) {
  return {
    rows: (await context.webhooks.all()).map(presentWebhook),
    choices: eventChoices,
    may: { write: may(viewer.roles, 'webhooks.write') },
  };
}

/** The filter behind the address of a delivery log; the export uses the very same. */
export function deliveryQuestion(webhook: string, search: URLSearchParams, now: Date) {
  const { from, to } = readTimeRange(search, now);
  return {
    webhook,
    from,
    to,
    outcomes: search.getAll('outcome').flatMap((one) => deliveryOutcome.safeParse(one).data ?? []),
    events: search.getAll('event').flatMap((one) => eventName.safeParse(one).data ?? []),
    subject: (search.get('q') ?? '').trim().slice(0, 400),
  };
}

/** An attempt as the delivery log shows it. Pure. */
export const presentDelivery = (row: DeliveryRow) => ({
  id: row.delivery_id,
  at: row.at,
  eventSeq: row.event_seq,
  event: row.event,
  subject: row.subject,
  attempt: row.attempt,
  state: deliveryWords(row.outcome),
  answer: row.status > 0 ? String(row.status) : row.error_code,
  tookMs: row.duration_ms,
  nextAt: row.next_at,
  replayed: row.replayed,
});
export type DeliveryLine = ReturnType<typeof presentDelivery>;

/** Everything a webhook's page shows. @throws Response 404 where there is no such webhook */
export async function presentWebhookPage(context: AppContext, viewer: Viewer, id: string, search: URLSearchParams) {
  const now = await context.webhooks.get(id);
  if (now === undefined) throw new Response('There is no such webhook.', { status: 404 });
  const { page } = readListAddress(search, []);
  const range = readTimeRange(search, context.now());
  const filter = deliveryQuestion(id, search, context.now());
  const { outcomes, events, subject } = filter;
  const [rows, [counts]] = await Promise.all([
    context.read(webhookDeliveries, { ...filter, limit: deliveryPageSize, offset: (page - 1) * deliveryPageSize }),
    context.read(webhookDeliveryCounts, filter),
  ]);
  const { webhook } = now;
  return {
    ...presentWebhook(now),
    reason: webhook.status_reason,
    statusAt: webhook.status_at,
    createdBy: webhook.created_by,
    createdAt: webhook.created_at,
    changedBy: webhook.changed_by,
    changedAt: webhook.changed_at,
    secretChangedAt: webhook.secret_changed_at,
    formerSecretUntil:
      webhook.former_secret_until !== undefined && Date.parse(webhook.former_secret_until) > context.now().getTime()
        ? webhook.former_secret_until
        : '',
    may: { write: may(viewer.roles, 'webhooks.write') },
    choices: eventChoices,
    log: {
      rows: rows.map(presentDelivery),
      page,
      total: counts?.attempts ?? 0,
      delivered: counts?.delivered ?? 0,
      within: range.words,
      from: range.from,
      to: range.to,
      chips: [
        ...outcomes.map((value) => ({ name: 'outcome', value, label: `Outcome: ${deliveryWords(value).word}` })),
        ...events.map((value) => ({ name: 'event', value, label: `Event: ${eventWords(value)}` })),
        ...(subject === '' ? [] : [{ name: 'q', value: subject, label: `About: ${subject}` }]),
      ],
      outcomes: deliveryOutcome.options.map((value) => ({ value, label: deliveryWords(value).word })),
    },
  };
}
export type WebhookView = Awaited<ReturnType<typeof presentWebhookPage>>;
