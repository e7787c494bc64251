import type { Webhook, WebhookHealth } from '#contracts/v1/webhook.ts';

/** How an endpoint does before anything was tried with this version: what failed with another says nothing of it. */
export const freshHealth = (
  { webhook_id, version }: Pick<Webhook, 'webhook_id' | 'version'>,
  before?: WebhookHealth,
): WebhookHealth => ({
  webhook_id,
  webhook_version: version,
  failures: 0,
  failing_since: '',
  last_delivered_at: before?.last_delivered_at ?? '',
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
