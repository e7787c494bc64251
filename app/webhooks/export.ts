import { csvResponse } from '#app/csv/csv.ts';
import { deliveryQuestion, presentDelivery, presentWebhook } from '#app/presenters/webhooks.ts';
import { webhookDeliveries } from '#app/queries/webhook-deliveries.ts';
import type { AppContext } from '#app/server/context.ts';

const rowsAtOnce = 2_000;

const webhookHead = [
  'Webhook',
  'Id',
  'State',
  'Endpoint',
  'Events',
  'Waiting',
  'Failed in a row',
  'Failing since (UTC)',
  'Last delivered (UTC)',
  'Last answer',
  'Next try (UTC)',
];

/** Every webhook as CSV, without its secret. */
export function exportWebhooks(context: AppContext): Response {
  async function* pages() {
    yield (await context.webhooks.all())
      .map(presentWebhook)
      .map((row) => [
        ...[row.name, row.id, row.state.word, row.url, row.events.map(({ value }) => value).join(' ')],
        ...[row.waiting, row.failures, row.failingSince, row.lastDeliveredAt],
        ...[row.lastStatus === 0 ? '' : row.lastStatus, row.nextTryAt],
      ]);
  }
  return csvResponse('webhooks.csv', webhookHead, pages());
}

const deliveryHead = [
  'When (UTC)',
  'Outcome',
  'Answer',
  'Event',
  'About',
  'Attempt',
  'Replay',
  'Took, ms',
  'Next try (UTC)',
];

/** A webhook's delivery log as CSV: all pages of the same filters, the newest first. @param id of a webhook there is */
export function exportDeliveries(context: AppContext, id: string, search: URLSearchParams): Response {
  const filter = deliveryQuestion(id, search, context.now());
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(webhookDeliveries, { ...filter, limit: rowsAtOnce, offset });
      yield rows
        .map(presentDelivery)
        .map((one) => [
          ...[one.at, one.state.word, one.answer, one.event, one.subject, one.attempt, one.replayed ? 'yes' : 'no'],
          ...[one.tookMs, one.nextAt],
        ]);
      if (rows.length < rowsAtOnce) return;
    }
  }
  return csvResponse(`deliveries-${id}.csv`, deliveryHead, pages());
}
