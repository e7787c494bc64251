import { z } from 'zod';
import { instant } from './primitives.ts';

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
  /** W3C trace context of the caller, when it sent one. */
  traceparent: z.string().max(100).optional(),
});
export type IntakeHeaders = z.infer<typeof intakeHeaders>;
