import { z } from 'zod';
import { commandErrorCode } from './commands.ts';
import { instant } from './primitives.ts';

/**
 * One act of a person, on `audit.<action>` of stream AUDIT: signing in and out, being refused, seeing personal data, a
 * command. It never carries what was sent or seen, nor what somebody wrote: those are on the case or the order. Only a reason
 * that is kept nowhere else stands here.
 */
export const auditEvent = z.object({
  v: z.literal(1),
  event_id: z.uuid(),
  at: instant,
  /** signed_in, signed_out, sign_in_refused, password_changed, password_change_refused, refused, viewed, revealed, exported, query.admitted, query.run, or the command's name, such as case.fix. */
  action: z.string().regex(/^[a-z][a-z_.-]{0,63}$/, 'expected the name of an act'),
  /** User id, API or `cli:` client; empty where a stranger was refused. */
  actor: z.string().max(200),
  object_kind: z.enum([
    '',
    'permission',
    'case',
    'order',
    'mapping',
    'rate',
    'cause',
    'repair',
    'rule',
    'shadow',
    'reconciliation',
    'break',
    'api_client',
    'webhook',
    'connector',
    'query',
    'incident',
    'rejected_event',
    'stock',
  ]),
  object_id: z.string().max(400),
  reason: z.string().max(500),
  outcome: z.enum(['done', ...commandErrorCode.options]),
  detail: z.record(z.string().max(64), z.string().max(500)),
  /** Kept in NATS alone: where the request came from, and the e-mail address that was tried. Ingest does not land it. */
  personal: z.object({ address: z.string().max(64).optional(), email: z.string().max(254).optional() }),
});
export type AuditEvent = z.infer<typeof auditEvent>;
