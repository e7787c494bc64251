import {
  availabilityAnswer,
  channelCustomer,
  channelMapping,
  channelOrder,
  channelPrice,
  channelProduct,
  channelStock,
  orderStatus,
  postingsAnswer,
  receipt,
  returnStatus,
  type ApiScope,
} from '#contracts/v1/channel-api.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import type { Deprecated } from './deprecation.ts';
import type { WebhookDialect } from './webhook-dialect.ts';
import { customer } from '#contracts/v1/customer.ts';
import { channelReturn } from '#contracts/v1/returns.ts';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { sku, slug } from '#contracts/v1/primitives.ts';
import { z } from 'zod';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description: string;
  schema: z.ZodType;
}

/** One thing that can be asked of intake. Routes and the OpenAPI document are both made from this table. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT';
  /** Fastify's spelling: `/v1/products/:sku`. */
  path: string;
  summary: string;
  description: string;
  /** Absent for webhooks, which are signed instead. */
  scope?: ApiScope;
  parameters: readonly Parameter[];
  /** It will go; another has taken its place. */
  deprecated?: Deprecated;
  /** Schema of the body by name in the document; a webhook's body is the vendor's. */
  body?: { name: string; schema: z.ZodType };
  /** Answer of the first time: 202 for what is put in, 200 for what is read. */
  answer: { status: 200 | 202; name: string; schema: z.ZodType };
}

const text = z.string().max(200);
const header = (name: string, required: boolean, description: string, schema: z.ZodType = text): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});
const inPath = (name: string, description: string, schema: z.ZodType): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema,
});
const inQuery = (name: string, required: boolean, description: string, schema: z.ZodType): Parameter => ({
  name,
  in: 'query',
  required,
  description,
  schema,
});

const accepted = { status: 202, name: 'Receipt', schema: receipt } as const;
const idempotencyKey = header(
  'Idempotency-Key',
  false,
  'Makes a repetition recognisable. The same key with another content is refused with 409.',
);
const orderKey = inPath('key', "The order's transaction key, as the receipt names it.", z.string().max(300));

export const operations = {
  createOrder: {
    method: 'POST',
    path: '/v1/orders',
    summary: 'Hand an order over',
    description:
      'The order in canonical form, without what the estate knows of the channel. Recognised as a repetition by its Idempotency-Key, or else by its external_id.',
    scope: 'orders.write',
    parameters: [idempotencyKey],
    body: { name: 'Order', schema: channelOrder },
    answer: accepted,
  },
  readOrder: {
    method: 'GET',
    path: '/v1/orders/:key',
    summary: 'Where an order stands',
    description: 'Lifecycle, steps so far and shipments. A channel may ask for its own orders only.',
    scope: 'orders.read',
    parameters: [orderKey],
    answer: { status: 200, name: 'OrderStatus', schema: orderStatus },
  },
  readOrderPostings: {
    method: 'GET',
    path: '/v1/orders/:key/postings',
    summary: 'What was posted for an order',
    description: 'Documents in the systems of record, with their numbers. A channel may ask for its own orders only.',
    scope: 'postings.read',
    parameters: [orderKey],
    answer: { status: 200, name: 'Postings', schema: postingsAnswer },
  },
  readPostings: {
    method: 'GET',
    path: '/v1/postings/:key',
    summary: 'What was posted for an order, at its former address',
    description: 'Ask /v1/orders/{key}/postings instead: everything about an order is below the order.',
    scope: 'postings.read',
    parameters: [orderKey],
    deprecated: {
      since: '2026-11-29T00:00:00.000Z',
      sunset: '2027-12-01T00:00:00.000Z',
      successor: '/v1/orders/:key/postings',
    },
    answer: { status: 200, name: 'Postings', schema: postingsAnswer },
  },
  putProduct: {
    method: 'PUT',
    path: '/v1/products/:sku',
    summary: 'Set a product of the item master',
    description: 'An older updated_at never overwrites a newer one.',
    scope: 'products.write',
    parameters: [inPath('sku', 'Stock keeping unit', sku), idempotencyKey],
    body: { name: 'Product', schema: channelProduct },
    answer: accepted,
  },
  putStock: {
    method: 'PUT',
    path: '/v1/stock/:location/:sku',
    summary: 'Report stock',
    description:
      'A count sets on hand, a change (any other reason) is added. An older version of the same system, location and SKU never overwrites a newer one.',
    scope: 'stock.write',
    parameters: [
      inPath('location', 'Location of the estate', slug),
      inPath('sku', 'Stock keeping unit', sku),
      idempotencyKey,
    ],
    body: { name: 'Stock', schema: channelStock },
    answer: accepted,
  },
  putPrice: {
    method: 'PUT',
    path: '/v1/prices/:channel/:sku',
    summary: 'Set a price',
    description:
      'The price of a SKU in a channel from starts_at on or, with ends_at, during a promotion. The newest version whose time it is is in force; it is published to the channel and compared with what the channel shows.',
    scope: 'prices.write',
    parameters: [
      inPath('channel', 'Channel of the estate', slug),
      inPath('sku', 'Stock keeping unit', sku),
      idempotencyKey,
    ],
    body: { name: 'Price', schema: channelPrice },
    answer: accepted,
  },
  putCustomer: {
    method: 'PUT',
    path: '/v1/customers/:id',
    summary: 'Tell of a customer',
    description:
      'What your system knows of a customer. It is matched with the customers of the other systems by e-mail, or by phone and name, and merged: of each field the newest value stays, of consent the latest statement. What is not well formed or may be two people becomes a case.',
    scope: 'customers.write',
    parameters: [inPath('id', "Your system's own number of the customer", customer.shape.external_id), idempotencyKey],
    body: { name: 'Customer', schema: channelCustomer },
    answer: accepted,
  },
  createReturn: {
    method: 'POST',
    path: '/v1/returns',
    summary: 'Ask for a return',
    description:
      'Goods of an order are to come back, or are here already. Recognised as a repetition by its Idempotency-Key, or else by its return_id. They are refunded and credited once they are received and inspected. A channel may return its own orders only; stores take back those of any channel.',
    scope: 'returns.write',
    parameters: [idempotencyKey],
    body: { name: 'Return', schema: channelReturn },
    answer: accepted,
  },
  readReturn: {
    method: 'GET',
    path: '/v1/returns/:key',
    summary: 'Where a return stands',
    description:
      'How far it has come, what is refunded, and its steps so far. A channel may ask for its own returns only.',
    scope: 'returns.read',
    parameters: [inPath('key', "The return's transaction key, as the receipt names it.", z.string().max(300))],
    answer: { status: 200, name: 'ReturnStatus', schema: returnStatus },
  },
  putMapping: {
    method: 'PUT',
    path: '/v1/mappings/:kind/:code',
    summary: 'Set a mapping',
    description: "What one system's code means to another. A later changed_at wins.",
    scope: 'mappings.write',
    parameters: [
      inPath('kind', 'Kind of mapping', mappingKind),
      inPath('code', 'Code to be mapped, percent-encoded', z.string().min(1).max(200)),
      idempotencyKey,
    ],
    body: { name: 'Mapping', schema: channelMapping },
    answer: accepted,
  },
  readAvailability: {
    method: 'GET',
    path: '/v1/availability',
    summary: 'What may be promised',
    description: 'Per SKU, location and channel, taken apart. Repeat `sku` for up to 100 of them.',
    scope: 'availability.read',
    parameters: [
      inQuery('sku', true, 'Stock keeping unit; may be repeated', z.array(sku).min(1).max(100)),
      inQuery('channel', false, 'One channel only', slug),
      inQuery('location', false, 'One location only', slug),
    ],
    answer: { status: 200, name: 'Availability', schema: availabilityAnswer },
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export const webhookPath = ({ path, sender }: WebhookDialect): string =>
  sender === 'path' ? `/intake/${path}/:system` : `/intake/${path}`;

/** The webhooks that these connectors receive, each as an operation. */
export const webhookOperations = (definitions: readonly ConnectorDefinition[]): (readonly [string, Operation])[] =>
  definitions.flatMap(({ webhook }) =>
    webhook === undefined
      ? []
      : [
          [
            webhook.operation,
            {
              method: 'POST',
              path: webhookPath(webhook),
              summary: webhook.summary,
              description: webhook.description,
              parameters: [
                ...(webhook.sender === 'path' ? [inPath('system', 'Id of the system in the estate', slug)] : []),
                ...webhook.headers.map(([name, required, description]) => header(name, required, description)),
              ],
              answer: { status: 200, name: 'Receipt', schema: receipt },
            },
          ],
        ],
  );
