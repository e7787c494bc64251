import type { Address } from '#contracts/v1/address.ts';
import type { ConnectorError } from '../connector.ts';
import type { Answer } from '../connector.ts';
import { exactNumber } from '#platform/exact-json.ts';
import type { WmsServices } from '../services.ts';
import { refusalOf, type Refusal } from '../transport/answer.ts';
import { errorBody } from './contract.ts';

export type ReleaseInput = Parameters<WmsServices['release_order']['prepare']>[0];

/** The warehouse order of a release. The same release always makes the same body, by which repeats are recognised. */
export function warehouseOrderOf({ order, lines, location }: ReleaseInput): Record<string, unknown> {
  return {
    order_number: order.number,
    location,
    priority: order.tier,
    ordered_at: order.placed_at,
    ...(order.shipping_address === undefined ? {} : { ship_to: shipTo(order.shipping_address) }),
    ...(order.shipping[0] === undefined ? {} : { shipping_method: order.shipping[0].code || order.shipping[0].title }),
    lines: lines.map((line) => ({
      line_id: line.line_id,
      sku: line.sku,
      quantity: exactNumber(String(line.quantity)),
      description: order.lines.find(({ line_id }) => line_id === line.line_id)?.title,
    })),
  };
}

function shipTo(address: Address): Record<string, unknown> {
  return {
    name: address.name,
    company: address.company,
    line1: address.line1,
    line2: address.line2,
    city: address.city,
    region_code: address.region_code,
    postal_code: address.postal_code,
    country_code: address.country_code,
    phone: address.phone,
  };
}

/** The refusal an answer is; `field` ("lines.2.sku") is traced to the canonical order through the released lines. */
export function refused(answer: Answer, input?: ReleaseInput): ConnectorError | undefined {
  return refusalOf(answer, (body): Refusal | undefined => {
    const parsed = errorBody.safeParse(body);
    if (!parsed.success) return undefined;
    const { code, message, field } = parsed.data.error;
    const path = field === undefined || input === undefined ? undefined : canonicalPlace(field, input);
    return { code, message, ...(path === undefined ? {} : { path }) };
  });
}

function canonicalPlace(field: string, input: ReleaseInput): string | undefined {
  const line = /^lines\.(\d+)(?:\.(\w+))?/.exec(field);
  if (line === null) return headerFields[field.split('.')[0] ?? ''];
  const lineId = input.lines[Number(line[1])]?.line_id;
  const index = input.order.lines.findIndex(({ line_id }) => line_id === lineId);
  if (index < 0) return '/lines';
  return line[2] === 'sku' || line[2] === 'quantity' ? `/lines/${index}/${line[2]}` : `/lines/${index}`;
}

const headerFields: Record<string, string> = {
  lines: '/lines',
  ship_to: '/shipping_address',
  order_number: '/number',
  shipping_method: '/shipping/0/code',
  priority: '/tier',
  location: '/fulfilment/location',
};
