import type { z } from 'zod';
import { outsideSourceOf } from '#contracts/v1/outside-writer.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { presentLifecycle } from '#app/orders/lifecycle-strip.ts';
import { rerouteChoices } from '#app/orders/reroute-choices.ts';
import { presentReservations } from '#app/orders/reservations.ts';
import { returnsOfOrder } from '#app/queries/returns.ts';
import { presentReturn } from './returns.ts';
import { eventsInWords, presentTrace } from './trace.ts';
import { maskText } from '#app/payloads/mask.ts';
import { orderByKey, orderCases, orderPostings, orderReferences, transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { adminLink, estateNames, inWords, systemName, type EstateNames } from '#app/words/names.ts';
import { orderStateWords } from '#app/words/lifecycle.ts';
import { whatToTellTheCustomer } from '#app/words/customer.ts';
import { statusOf, stepLabel } from '#app/words/steps.ts';

export type OrderRow = z.output<typeof orderByKey.row>;
export type StepRow = z.output<typeof transactionSteps.row>;

const referenceWords: Record<string, string> = {
  external_id: 'External id',
  order_number: 'Order number',
  sku: 'SKU',
  erp_document: 'ERP document',
  tracking_number: 'Tracking number',
  wms_order: 'Warehouse order',
  shipment: 'Shipment',
  return_number: 'Return',
  customer_email: 'Customer',
};

/** The hold in force, from the latest of the steps that set or lift one. */
export function holdOf(steps: readonly StepRow[]): { by: string; reason: string } | undefined {
  const last = steps.findLast(
    (step) =>
      ['order_held', 'order_released', 'cancel_requested', 'cancelled'].includes(step.step) &&
      step.status === 'completed',
  );
  return last?.step === 'order_held'
    ? { by: last.attributes['by'] ?? '', reason: last.attributes['reason'] ?? '' }
    : undefined;
}

/** Why policy left the order alone; undefined where it did not. */
export function skippedBecause(steps: readonly StepRow[]): string | undefined {
  const last = steps.findLast((step) => step.step === 'validate');
  return last?.status === 'skipped' ? (last.attributes['reason'] ?? '') : undefined;
}

/** How another system tells of the order, which the engine then leaves alone; undefined where it is the engine's own. */
export const toldByOthers = (steps: readonly StepRow[]) => outsideSourceOf(steps.at(-1)?.writer ?? '');

/** Latencies in milliseconds as the definitions say; null while they wait. */
export function latencies(order: OrderRow) {
  const since = (end: string) => (end === '' ? null : Date.parse(end) - Date.parse(order.occurred_at));
  return [
    { name: 'Order ingestion lag', note: 'intake accepted − placed', ms: since(order.accepted_at) },
    { name: 'Acknowledgement time', note: 'channel acknowledged − placed', ms: since(order.acknowledged_at) },
    { name: 'Order sync latency', note: 'ERP sales order confirmed − placed', ms: since(order.erp_confirmed_at) },
    { name: 'Order release time', note: 'released to warehouse − placed', ms: since(order.released_at) },
    {
      name: 'Order cycle time',
      note: 'delivered (or shipped) − placed',
      ms: since(order.delivered_at || order.shipped_at),
    },
  ];
}

/** The vendor's own pages of an order: the channel's order and the ERP's document, where the estate gives a pattern. */
export function vendorLinks(
  key: string,
  order: OrderRow,
  references: readonly { kind: string; value: string }[],
  names: EstateNames,
) {
  const channelSystem = names.channels[order.channel]?.system ?? key.split('==')[0] ?? '';
  const externalId = references.find((item) => item.kind === 'external_id')?.value ?? '';
  const erp = Object.keys(names.systems).find((id) => names.systems[id]?.role === 'erp') ?? '';
  const document = references.find((item) => item.kind === 'erp_document')?.value ?? '';
  return [
    { system: systemName(names, channelSystem), href: adminLink(names, channelSystem, externalId) },
    { system: systemName(names, erp), href: adminLink(names, erp, document) },
  ].filter((link) => link.href !== '');
}

/** Everything the order's page shows but the payloads. @throws Response 404 where no such order is known */
export async function presentOrder(context: AppContext, viewer: Viewer, key: string) {
  const now = context.now().toISOString();
  const [[order], steps, postings, cases, references, returns] = await Promise.all([
    context.read(orderByKey, { key, now }),
    context.read(transactionSteps, { flow: 'order_to_cash', key }),
    context.read(orderPostings, { key }),
    context.read(orderCases, { key }),
    context.read(orderReferences, { key }),
    context.read(returnsOfOrder, { order_key: key, now }),
  ]);
  if (order === undefined)
    throw new Response('No order has this key. It may have been placed a moment ago: reload in a second.', {
      status: 404,
    });
  const names = estateNames(context.estate);
  const personal = may(viewer.roles, 'personal_data.read');
  const hold = holdOf(steps);
  const because = order.is_open ? undefined : skippedBecause(steps);
  const skipped = because === undefined ? undefined : inWords(maskText(because), names);
  const tracking = references.filter((item) => item.kind === 'tracking_number').map((item) => item.value);
  return {
    key,
    number: order.business_key,
    state: orderStateWords(order.lifecycle, order.is_open),
    skipped,
    open: order.is_open,
    toldBy: toldByOthers(steps),
    deadline: order.is_open ? order.deadline : '',
    amount: order.amount,
    currency: order.currency,
    placedAt: order.occurred_at,
    channel: names.channels[order.channel]?.name ?? order.channel,
    entity: names.entities[order.legal_entity] ?? order.legal_entity,
    tier: order.tier,
    origin: order.origin,
    traceId: order.trace_id,
    hold,
    reroute: rerouteChoices(order, steps, names),
    doing: `${stepLabel(order.step)} at ${systemName(names, order.system)}: ${statusOf(order.status).word}`,
    trouble:
      order.is_open && ['failed', 'quarantined', 'retrying'].includes(order.status)
        ? inWords(maskText(order.error_message), names)
        : '',
    retryAt: order.status === 'retrying' ? order.retry_at : '',
    customer: whatToTellTheCustomer(order.lifecycle, {
      openCase: cases.some((one) => one.is_open),
      held: hold !== undefined,
      late: order.is_late,
      trackingNumbers: tracking,
      skipped,
    }),
    strip: presentLifecycle(order),
    latencies: latencies(order),
    steps: presentTrace(steps, { names, personal }),
    events: eventsInWords(steps),
    reservations: presentReservations(steps, names),
    postings: postings.map((posting) => ({
      ...posting,
      system: systemName(names, posting.system),
      error_message: inWords(maskText(posting.error_message), names),
    })),
    cases: cases.map((one) => ({
      ...one,
      error_message: inWords(maskText(one.error_message), names),
      outcome: inWords(one.outcome, names),
      step: stepLabel(one.step),
    })),
    references: references
      .filter((item) => item.kind !== 'business_key' && (personal || item.kind !== 'customer_email'))
      .map((item) => ({ kind: item.kind, name: referenceWords[item.kind] ?? item.kind, value: item.value })),
    returns: returns.map((row) => presentReturn(row, names)),
    links: vendorLinks(key, order, references, names),
    names,
    may: {
      control: may(viewer.roles, 'orders.control'),
      payloads: may(viewer.roles, 'payloads.read'),
      reveal: personal && may(viewer.roles, 'payloads.read'),
    },
  };
}
