import { z } from 'zod';
import { address } from './v1/address.ts';
import { auditEvent } from './v1/audit.ts';
import { cloudEvent, eventData, type EventName, eventNames, eventSchemaName, eventType } from './v1/business-event.ts';
import { caseEvent, caseState } from './v1/case.ts';
import { availability, price, product, stockChange } from './v1/catalogue.ts';
import { causeState } from './v1/cause.ts';
import * as channelApi from './v1/channel-api.ts';
import { commandReply, commandRequests } from './v1/commands.ts';
import { estate } from './v1/estate.ts';
import { incidentEvent } from './v1/incident.ts';
import { returnRequest, shipment, shipNotice } from './v1/fulfilment.ts';
import { intakeHeaders } from './v1/intake.ts';
import { nudge } from './v1/live.ts';
import { journal } from './v1/journal.ts';
import { mapping } from './v1/mapping.ts';
import { order, orderLine } from './v1/order.ts';
import { posting } from './v1/posting.ts';
import { channelReturn } from './v1/returns.ts';
import { money } from './v1/primitives.ts';
import { repairItem, repairRun } from './v1/repair.ts';
import { repairRule } from './v1/repair-rule.ts';
import { reconciliationBreak, reconciliationRun } from './v1/reconciliation.ts';
import { shadowRun } from './v1/shadow.ts';
import { stepEvent } from './v1/step-event.ts';
import { storeBatch } from './v1/store.ts';
import { delivery, webhook } from './v1/webhook.ts';

/**
 * Who relies on a schema decides what may change. `accepted`: others only send it to us, so what was valid stays valid.
 * `emitted`: others read it too, so moreover nothing they read may become optional or change its type.
 */
export type Use = 'accepted' | 'emitted';

export interface PublishedSchema {
  title: string;
  use: Use;
  schema: z.ZodType;
}

const commands = Object.fromEntries(
  Object.entries(commandRequests).map(([name, schema]): [string, PublishedSchema] => [
    `command-${name.replaceAll('.', '-')}`,
    { title: `Command ${name}`, use: 'accepted', schema },
  ]),
);

const events = Object.fromEntries(
  eventNames.map((name: EventName): [string, PublishedSchema] => [
    eventSchemaName(name),
    { title: `Data of ${eventType(name)}`, use: 'emitted', schema: eventData[name] },
  ]),
);

/** Every schema of version 1 that others may rely on, by file name. */
export const publishedV1: Readonly<Record<string, PublishedSchema>> = {
  order: { title: 'Canonical order', use: 'emitted', schema: order },
  'order-line': { title: 'Order line', use: 'emitted', schema: orderLine },
  address: { title: 'Postal address', use: 'emitted', schema: address },
  money: { title: 'Money', use: 'emitted', schema: money },
  shipment: { title: 'Shipment', use: 'emitted', schema: shipment },
  'ship-notice': { title: 'Advance ship notice', use: 'emitted', schema: shipNotice },
  return: { title: 'Return', use: 'emitted', schema: returnRequest },
  'stock-change': { title: 'Stock change', use: 'emitted', schema: stockChange },
  availability: { title: 'Availability', use: 'emitted', schema: availability },
  product: { title: 'Product', use: 'emitted', schema: product },
  price: { title: 'Price', use: 'emitted', schema: price },
  posting: { title: 'Posting', use: 'emitted', schema: posting },
  'store-batch': { title: 'Batch of a store', use: 'accepted', schema: storeBatch },
  journal: { title: 'Journal entry', use: 'emitted', schema: journal },
  mapping: { title: 'Mapping', use: 'emitted', schema: mapping },
  'step-event': { title: 'Step event', use: 'emitted', schema: stepEvent },
  case: { title: 'Case', use: 'emitted', schema: caseState },
  'audit-event': { title: 'Audit event', use: 'emitted', schema: auditEvent },
  'case-event': { title: 'Case event', use: 'emitted', schema: caseEvent },
  cause: { title: 'What was decided about a cause', use: 'emitted', schema: causeState },
  'repair-run': { title: 'Repair run', use: 'emitted', schema: repairRun },
  'repair-item': { title: 'Item of a repair run', use: 'emitted', schema: repairItem },
  'repair-rule': { title: 'Repair rule', use: 'emitted', schema: repairRule },
  'shadow-run': { title: 'Shadow replay', use: 'emitted', schema: shadowRun },
  'reconciliation-run': { title: 'Reconciliation run', use: 'emitted', schema: reconciliationRun },
  'reconciliation-break': { title: 'Reconciliation break', use: 'emitted', schema: reconciliationBreak },
  'incident-event': { title: 'Entry of an incident', use: 'emitted', schema: incidentEvent },
  ...commands,
  'cloud-event': { title: 'Business event (CloudEvents 1.0)', use: 'emitted', schema: cloudEvent },
  ...events,
  webhook: { title: 'Webhook', use: 'emitted', schema: webhook },
  'webhook-delivery': { title: 'Delivery of a webhook', use: 'emitted', schema: delivery },
  'command-reply': { title: 'Reply to a command', use: 'emitted', schema: commandReply },
  estate: { title: 'config/estate.yaml', use: 'accepted', schema: estate },
  'intake-headers': { title: 'Headers of a message on INTAKE', use: 'emitted', schema: intakeHeaders },
  nudge: { title: 'Live nudge', use: 'emitted', schema: nudge },
  'channel-order': { title: 'Order sent to the channel API', use: 'accepted', schema: channelApi.channelOrder },
  'channel-product': { title: 'Product sent to the channel API', use: 'accepted', schema: channelApi.channelProduct },
  'channel-stock': { title: 'Stock sent to the channel API', use: 'accepted', schema: channelApi.channelStock },
  'channel-price': { title: 'Price sent to the channel API', use: 'accepted', schema: channelApi.channelPrice },
  'channel-return': { title: 'Return sent to the channel API', use: 'accepted', schema: channelReturn },
  'channel-mapping': { title: 'Mapping sent to the channel API', use: 'accepted', schema: channelApi.channelMapping },
  'order-status': { title: 'Order status', use: 'emitted', schema: channelApi.orderStatus },
  'return-status': { title: 'Return status', use: 'emitted', schema: channelApi.returnStatus },
  postings: { title: 'Postings of an order', use: 'emitted', schema: channelApi.postingsAnswer },
  receipt: { title: 'Receipt', use: 'emitted', schema: channelApi.receipt },
  problem: { title: 'Problem details (RFC 9457)', use: 'emitted', schema: channelApi.problem },
};

export type JsonSchema = { readonly [keyword: string]: unknown };

/** JSON Schema (2020-12) of what a sender must send: fields with a default are optional. */
export function toJsonSchema(name: string, { title, schema }: PublishedSchema): JsonSchema {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { $schema, $id: `urn:syncline:v1:${name}`, title, ...body };
}
