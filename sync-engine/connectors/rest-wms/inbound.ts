import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import { shipment, type Shipment } from '#contracts/v1/fulfilment.ts';
import { parseExactJson } from '../../exact-json.ts';
import { jsonPointer } from '../../json-pointer.ts';
import type { Delivery, MessageContext, Reading } from '../topics.ts';
import { shipmentConfirmed, shipmentDelivered, stockChanged } from './contract.ts';

export type InboundContext = Pick<MessageContext, 'estate' | 'system' | 'mapping'>;

/** The location a warehouse system runs: its messages name places by codes of its own. */
const locationOf = ({ estate, system }: InboundContext): string | undefined =>
  estate.locations.find(({ wms }) => wms === system)?.id;

/** Webhook `shipment.confirmed` as a canonical shipment. Problems point into the received message. */
export function readShipment(body: Uint8Array, context: InboundContext): Reading<Shipment> {
  return readMessage(body, shipmentConfirmed, (message) => {
    const candidate = shipment.safeParse({
      schema_version: 1,
      shipment_id: message.shipment_id,
      order_key: message.reference,
      location: locationOf(context) ?? context.system,
      carrier: message.carrier ?? '',
      tracking_number: message.tracking_number ?? '',
      shipped_at: utc(message.shipped_at),
      lines: message.lines.map((line) => ({ ...line, sku: context.mapping('sku', line.sku) ?? line.sku })),
    });
    return candidate.success ? candidate.data : schemaProblems(candidate.error);
  });
}

/** Webhook `shipment.delivered`. */
export function readDelivery(body: Uint8Array): Reading<Delivery> {
  return readMessage(body, shipmentDelivered, (message) => ({
    orderKey: message.reference,
    shipmentId: message.shipment_id,
    deliveredAt: utc(message.delivered_at),
  }));
}

/** Webhook `stock.changed` as a canonical stock change; its place must be mapped, or be the estate's own name. */
export function readStockChange(body: Uint8Array, context: InboundContext): Reading<StockChange> {
  return readMessage(body, stockChanged, (message) => {
    const location = mappedLocation(message.location_code, context);
    if (typeof location !== 'string') return [location];
    const candidate = stockChange.safeParse({
      schema_version: 1,
      change_id: message.change_id,
      source: context.system,
      sku: context.mapping('sku', message.sku) ?? message.sku,
      location,
      reason: message.reason,
      quantity: message.quantity,
      version: message.version,
      occurred_at: utc(message.occurred_at),
    });
    return candidate.success ? candidate.data : schemaProblems(candidate.error);
  });
}

/** The location a place of the warehouse's own is; it must be mapped, or be the estate's own name. */
export function mappedLocation(code: string, context: InboundContext): string | CaseProblem {
  const location = context.mapping('location', code) ?? (code === locationOf(context) ? code : undefined);
  return location ?? unknownLocation(code, context.system);
}

export function readMessage<S extends z.ZodType, T extends object>(
  body: Uint8Array,
  schema: S,
  map: (message: z.infer<S>) => T | CaseProblem[],
): Reading<T> {
  let document: unknown;
  try {
    document = parseExactJson(Buffer.from(body).toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    return { problems: [problem('validation', 'malformed_json', '', `The message is not JSON: ${reason}`)] };
  }
  const parsed = schema.safeParse(document);
  if (!parsed.success) return { problems: schemaProblems(parsed.error) };
  const mapped = map(parsed.data);
  if (Array.isArray(mapped)) return { problems: mapped };
  return { message: mapped };
}

function schemaProblems(error: z.ZodError): CaseProblem[] {
  return error.issues
    .slice(0, 100)
    .map((issue) => problem('validation', `schema_${issue.code}`, jsonPointer(issue.path), issue.message));
}

function unknownLocation(code: string, system: string): CaseProblem {
  return {
    ...problem(
      'mapping',
      'unknown_location',
      '/location_code',
      `The place "${code}" of ${system} is not mapped to a location.`,
    ),
    missing_mapping: { kind: 'location', system, code: code.slice(0, 200) },
  };
}

function problem(
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem {
  return { error_class, error_code, path: path.slice(0, 500), document: 'received', message: message.slice(0, 2000) };
}

export const utc = (text: string): string => new Date(text).toISOString();
