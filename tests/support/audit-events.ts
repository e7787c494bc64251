import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '#contracts/v1/audit.ts';

/** An act of one of a few people, with the personal data that must not leave NATS. */
export const auditAct = (i: number): AuditEvent => ({
  v: 1,
  event_id: randomUUID(),
  // Around the end of a month, so that a block has several parts.
  at: new Date(Date.UTC(2026, 9, 31, 23, 59, 58) + (i % 5) * 900).toISOString(),
  action: 'case.fix',
  actor: `user-${i % 7}`,
  object_kind: 'case',
  object_id: `case-${i}`,
  reason: '',
  outcome: 'done',
  detail: { attempt: String(i) },
  personal: { address: '192.0.2.77', email: 'somebody@shop.example' },
});
