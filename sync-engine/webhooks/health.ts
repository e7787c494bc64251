import type { WebhookHealth } from '#contracts/v1/webhook.ts';

export const freshHealth = (webhook_id: string): WebhookHealth => ({
  webhook_id,
  failures: 0,
  failing_since: '',
  last_delivered_at: '',
  last_status: 0,
  waiting: 0,
  next_try_at: '',
});

/** How an endpoint does after one more attempt. Pure. */
export function healthAfter(health: WebhookHealth, attempt: { ok: boolean; status: number }, at: Date): WebhookHealth {
  const now = at.toISOString();
  if (attempt.ok)
    return { ...health, failures: 0, failing_since: '', last_delivered_at: now, last_status: attempt.status };
  return {
    ...health,
    failures: health.failures + 1,
    failing_since: health.failing_since === '' ? now : health.failing_since,
    last_status: attempt.status,
  };
}

/** Has it failed for so long that nobody is waited for any more? */
export const isLost = ({ failing_since }: WebhookHealth, at: Date, disableAfterMs: number): boolean =>
  failing_since !== '' && at.getTime() - Date.parse(failing_since) >= disableAfterMs;
