import { expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { formerAfter, MOST_FORMER_SECRETS } from './former-secrets.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString();
const former = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ secret_id: `s${count - i}`, until: inHours(count - i) }));
const aDay = { keep_former_s: 86_400, retire_former: false };

test('the present secret signs for a while beside those that still do; who is over is named', () => {
  const over = { secret_id: 's0', until: inHours(0) };
  const webhook = { secret_id: 'present', former_secrets: [...former(2), over] };
  expect(formerAfter(webhook, aDay, now)).toEqual({
    former: [{ secret_id: 'present', until: inHours(24) }, ...former(2)],
    retired: [over],
  });
});

test('where one more would be too many the rotation is refused, and says when it will not be and what else helps', () => {
  const webhook = { secret_id: 'present', former_secrets: former(MOST_FORMER_SECRETS) };
  const rotate = () => formerAfter(webhook, aDay, now);
  expect(rotate).toThrow(Refusal);
  expect(rotate).toThrow(
    expect.objectContaining({
      code: 'refused',
      fields: [{ path: '/retire_former', message: expect.stringContaining(inHours(1)) as string }],
    }),
  );
  expect(formerAfter({ ...webhook, former_secrets: former(MOST_FORMER_SECRETS - 1) }, aDay, now).former).toHaveLength(
    5,
  );
});

test('those before the present one, and that one itself, can be retired at once', () => {
  const webhook = { secret_id: 'present', former_secrets: former(MOST_FORMER_SECRETS) };
  expect(formerAfter(webhook, { ...aDay, retire_former: true }, now)).toEqual({
    former: [{ secret_id: 'present', until: inHours(24) }],
    retired: former(MOST_FORMER_SECRETS),
  });
  expect(formerAfter(webhook, { ...aDay, keep_former_s: 0 }, now)).toEqual({
    former: former(MOST_FORMER_SECRETS),
    retired: [{ secret_id: 'present', until: now.toISOString() }],
  });
});
