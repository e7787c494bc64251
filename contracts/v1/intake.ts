import { z } from 'zod';
import { instant } from './primitives.ts';

/** A topic as one token of a NATS subject: `orders/create` is `orders-create`. */
export const topicToken = (topic: string): string => topic.replace(/[^A-Za-z0-9_-]/g, '-');

/**
 * Headers of a message on INTAKE; its body is the payload byte for byte as it arrived.
 * `syncline-origin` tells backfill and simulated traffic from live.
 */
export const intakeHeaders = z.object({
  'syncline-system': z.string().min(1),
  'syncline-topic': z.string().min(1),
  'syncline-received-at': instant,
  'syncline-triggered-at': instant.optional(),
  'syncline-webhook-id': z.string().max(200).optional(),
  'syncline-event-id': z.string().max(200).optional(),
  'syncline-origin': z.enum(['live', 'backfill', 'simulated']),
  'syncline-stale': z.literal('true').optional(),
  /** API client that sent it, for what came through Syncline's own API. */
  'syncline-client': z.string().max(100).optional(),
  /** Path it was put to, percent-encoded: `/v1/stock/dc-east/SKU-1`. What the body leaves out stands in it. */
  'syncline-resource': z.string().max(1000).optional(),
  /** W3C trace context of the caller, when it sent one. */
  traceparent: z.string().max(100).optional(),
});
export type IntakeHeaders = z.infer<typeof intakeHeaders>;

/** Path of a resource, percent-encoded so that it fits a message header: `/v1/stock/dc-east/SKU%2F1`. */
export function resourcePath(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** The decoded parts of such a path. @throws URIError where it is not well encoded. */
export function resourceParts(path: string): string[] {
  return path.split('/').filter(Boolean).map(decodeURIComponent);
}
