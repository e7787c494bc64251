import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import { shipment, type Shipment } from '#contracts/v1/fulfilment.ts';
import { readJson, schemaProblems } from '../reading.ts';
import type { Delivery, MessageContext, Reading } from '../topics.ts';
import { inOwnUnits } from '../units.ts';
import { shipmentConfirmed, shipmentDelivered, stockChanged } from './contract.ts';

export type InboundContext = Pick<MessageContext, 'estate' | 'system' | 'mapping'>;

/** The locations a warehouse system runs: its messages name places by codes of its own. */
const locationsOf = ({ estate, system }: InboundContext): string[] =>
  estate.locations.filter(({ wms }) => wms === system).map(({ id }) => id);

/** A place by the system's code: mapped, or in the estate's own words. */
function placeOf(code: string, path: string, context: InboundContext, own = locationsOf(context)): Place {
  const location = context.mapping('location', code) ?? (own.includes(code) ? code : undefined);
  return location === undefined ? { problem: unknownLocation(code, path, context.system) } : { location };
}

type Place = { location: string } | { problem: CaseProblem };

/** Where a parcel left from: only a system that runs one location need not say. */
function sourceOf(code: string | null | undefined, context: InboundContext): Place {
  if (code !== undefined && code !== null) return placeOf(code, '/location_code', context);
  const [only = context.system, other] = locationsOf(context);
  if (other === undefined) return { location: only };
  const message = `${context.system} runs several locations, and the message does not say from which one the parcel left.`;
  return { problem: problem('validation', 'missing_location', '/location_code', message) };
}

/** Webhook `shipment.confirmed` as a canonical shipment. Problems point into the received message. */
export function readShipment(body: Uint8Array, context: InboundContext): Reading<Shipment> {
  return readMessage(body, shipmentConfirmed, (message) => {
    const from = sourceOf(message.location_code, context);
    if ('problem' in from) return [from.problem];
    const lines = message.lines.map((line, i) => goodsOf(line, `/lines/${i}/unit`, context));
    const unknown = lines.flatMap((line) => ('problem' in line ? [line.problem] : []));
    if (unknown.length > 0) return unknown;
    const candidate = shipment.safeParse({
      schema_version: 1,
      shipment_id: message.shipment_id,
      order_key: message.reference,
      location: from.location,
      carrier: message.carrier ?? '',
      tracking_number: message.tracking_number ?? '',
      shipped_at: utc(message.shipped_at),
      lines: message.lines.map((line, i) => ({ line_id: line.line_id, ...lines[i] })),
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
    const place = placeOf(message.location_code, '/location_code', context);
    if ('problem' in place) return [place.problem];
    const everywhere = context.estate.locations.map(({ id }) => id);
    const { counterpart_code: other, purchase_order } = message;
    const end = other ? placeOf(other, '/counterpart_code', context, everywhere) : undefined;
    if (end !== undefined && 'problem' in end) return [end.problem];
    const goods = goodsOf(message, '/unit', context);
    if ('problem' in goods) return [goods.problem];
    const candidate = stockChange.safeParse({
      schema_version: 1,
      change_id: message.change_id,
      source: context.system,
      ...goods,
      location: place.location,
      reason: message.reason,
      ...(end && { counterpart: end.location }),
      ...(purchase_order && { purchase_order }),
      version: message.version,
      occurred_at: utc(message.occurred_at),
    });
    return candidate.success ? candidate.data : schemaProblems(candidate.error);
  });
}

/** The location a place of the warehouse's own is; it must be mapped, or be the estate's own name. */
export function mappedLocation(code: string, context: InboundContext): string | CaseProblem {
  const place = placeOf(code, '/location_code', context);
  return 'problem' in place ? place.problem : place.location;
}

type Goods = z.infer<typeof shipmentConfirmed>['lines'][number];

/** What and how much, in our words and units. */
function goodsOf(
  { sku: code, quantity, unit, lot, serial_numbers }: Omit<Goods, 'line_id'>,
  path: string,
  context: InboundContext,
) {
  const sku = context.mapping('sku', code) ?? code;
  const counted = inOwnUnits({ sku, quantity, unit }, path, context);
  if ('problem' in counted) return counted;
  return {
    sku,
    ...counted,
    ...(lot && { lot: context.mapping('lot', lot) ?? lot }),
    ...(serial_numbers && { serial_numbers }),
  };
}

export function readMessage<S extends z.ZodType, T extends object>(
  body: Uint8Array,
  schema: S,
  map: (message: z.infer<S>) => T | CaseProblem[],
): Reading<T> {
  const parsed = readJson(schema, body);
  if ('problems' in parsed) return parsed;
  const mapped = map(parsed.message);
  if (Array.isArray(mapped)) return { problems: mapped };
  return { message: mapped };
}

function unknownLocation(code: string, path: string, system: string): CaseProblem {
  return {
    ...problem('mapping', 'unknown_location', path, `The place "${code}" of ${system} is not mapped to a location.`),
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
