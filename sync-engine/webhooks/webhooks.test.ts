import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { webhookSecret } from '#contracts/v1/webhook.ts';
import { freshHealth, healthAfter, isLost } from './health.ts';
import { defaultSchedule, pauseAfter } from './schedule.ts';
import { newWebhookSecret, signatureHeaders } from './sign.ts';

const at = new Date('2026-03-01T09:30:00.700Z');

describe('a signature', () => {
  test('is the one that Standard Webhooks describes, one for each secret in force', () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', newWebhookSecret()];
    const headers = signatureHeaders(secrets, 'msg_1', at, '{"a":1}');
    expect(headers['webhook-timestamp']).toBe('1772357400');
    const signed = (secret: string) =>
      createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update('msg_1.1772357400.{"a":1}')
        .digest('base64');
    expect(headers['webhook-signature']).toBe(secrets.map((secret) => `v1,${signed(secret)}`).join(' '));
  });
  test('is made with a secret that the contract takes', () => {
    expect(webhookSecret.safeParse(newWebhookSecret()).success).toBe(true);
  });
});

describe('the next attempt', () => {
  const pause = (attempt: number, asked?: number) => pauseAfter(attempt, asked, defaultSchedule, () => 0.5);
  test('comes later each time, and after some five days there is none', () => {
    const pauses = defaultSchedule.pausesMs.map((_, i) => pause(i + 1) ?? 0);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(4 * 86_400_000);
    expect(pause(defaultSchedule.pausesMs.length + 1)).toBeUndefined();
  });
  test('does not come before the endpoint asked for it, but within a day', () => {
    expect(pause(1, 60_000)).toBe(60_000);
    expect(pause(1, 9e9)).toBe(86_400_000);
    expect(pause(5, 1_000)).toBeGreaterThan(7_200_000);
  });
});

test('an endpoint is lost once it has failed throughout, and one answer ends that', () => {
  const failing = healthAfter(freshHealth({ webhook_id: 'a', version: 1 }), { ok: false, status: 500 }, at);
  const later = new Date(at.getTime() + 1_000);
  expect(isLost(failing, later, 1_000)).toBe(true);
  const well = healthAfter(failing, { ok: true, status: 204 }, later);
  expect(isLost(well, later, 0)).toBe(false);
  expect(well).toMatchObject({ failures: 0, failing_since: '', last_status: 204 });
});
