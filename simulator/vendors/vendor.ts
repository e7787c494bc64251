import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { System } from '#contracts/v1/estate.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Conditions } from '../conditions.ts';
import type { OrderBook } from '../order-book.ts';
import type { Random } from '../random.ts';
import type { StockBook } from '../stock-book.ts';
import type { Store } from '../store.ts';
import type { IntakeClient } from '../intake-client.ts';
import type { ShippingPace } from '../pace.ts';

/** Kinds of systems whose part the simulator plays. Systems of other kinds in an estate are somebody else's. */
const simulatedKinds = [
  'shopify',
  'amazon',
  'netsuite',
  'rest-wms',
  'taxjar',
  'signifyd',
  'stripe',
  'smtp',
  'zendesk',
] as const;
export type SystemKind = (typeof simulatedKinds)[number];

export const isSimulated = (kind: System['kind']): kind is SystemKind =>
  simulatedKinds.some((simulated) => simulated === kind);

/** An answer in the vendor's own shape. */
export interface Refusal {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** How one kind of vendor refuses, whatever the call. */
export interface Refusals {
  unauthorised(): Refusal;
  internal(): Refusal;
  throttled(retryAfterSeconds: number): Refusal;
  unavailable(retryAfterSeconds: number): Refusal;
}

/** What a simulated system has at hand. */
export interface VendorContext {
  system: System;
  /** Value of the setting, with `env:NAME` replaced by the secret. */
  setting(name: string): string;
  store: Store;
  conditions: Conditions;
  catalogue: Catalogue;
  book: OrderBook;
  stock: StockBook;
  random: Random;
  intake: IntakeClient;
  pace: ShippingPace;
  /** Share of the orders that fraud screening rejects. */
  rejectShare: number;
  /** The carriers' trackers, and the share of the parcels whose delivery they tell instead of the warehouse. */
  tracking: { system: string; secret: string; share: number } | undefined;
  /** Next of an increasing sequence of 13-digit ids, as Shopify and others number their records. */
  nextId: () => number;
}

/** One running simulated system. */
export interface VendorApi {
  refusals: Refusals;
  /** Does the request carry the credentials of this system? */
  authorised(request: FastifyRequest): boolean;
  /** A limit in force that this request exceeds. Called only while limits are on. */
  limit?(request: FastifyRequest, reply: FastifyReply): Refusal | undefined;
  routes(app: FastifyInstance): void;
  /** Counts and ids for tests and chaos runs. */
  state(): Record<string, unknown>;
  counts(): Record<string, number>;
  close?(): void;
}

/** The bearer token of a request, or the empty string. */
export function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice(7) : '';
}

/** One path parameter or query value, as text. */
export function field(record: unknown, name: string): string {
  if (typeof record !== 'object' || record === null) return '';
  const value: unknown = Object.getOwnPropertyDescriptor(record, name)?.value;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as it came; the listener keeps bodies as text. */
export const bodyText = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '');

/** The JSON object in the body, or undefined when it is none. */
export function jsonBody(request: FastifyRequest): JsonObject | undefined {
  if (typeof request.body !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(request.body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function objectAt(value: unknown, name: string): JsonObject | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : undefined;
}

export function listAt(value: unknown, name: string): JsonObject[] {
  const member = isObject(value) ? value[name] : undefined;
  return Array.isArray(member) ? member.filter(isObject) : [];
}

export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.headers !== undefined) reply.headers(refusal.headers);
  return reply.code(refusal.status).send(refusal.body);
}
