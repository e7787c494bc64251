import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, ReturnStatus } from '#contracts/v1/channel-api.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { startIntake, type TestIntake } from '#tests/support/intake.ts';
import { stepEvent } from '#tests/support/step-events.ts';

const key = 'marketplace==Q-1';
const returnKey = 'marketplace==return-R-1';
let intake: TestIntake;
beforeAll(async () => {
  const scopes = ['orders.read', 'postings.read', 'returns.read'] as const;
  intake = await startIntake({
    clients: {
      portal: { scopes: [...scopes] },
      hasty: { scopes: [...scopes], quota: 3 },
      other: { scopes: [...scopes], system: 'shopify-us' },
    },
  });
  await happen(1, { step: 'intake_received', key });
  await happen(1, { flow: 'return_to_refund', step: 'intake_received', key: returnKey, business_key: 'R-1' });
  const state = { phase: 'forward', data: { order_key: key, requested_at: '2026-10-01T10:00:00.000Z' } };
  await happen(2, { flow: 'return_to_refund', step: 'authorise', key: returnKey, business_key: 'R-1', state });
});
afterAll(() => intake.close());

async function happen(ordinal: number, given: Parameters<typeof stepEvent>[2]): Promise<void> {
  const event = stepEvent(1, ordinal, given);
  await jetstream(intake.nc).publish(subjects.step(event.flow, event.key), JSON.stringify(event));
}
const ask = (path: string, headers: Record<string, string> = {}, as = 'portal') =>
  fetch(intake.url + path, { headers: { authorization: `Bearer ${intake.keys[as]}`, ...headers } });

describe('a question', () => {
  it('asked again with the entity tag of its answer is answered 304 until something changes', async () => {
    const first = await ask(`/v1/orders/${key}`);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await ask(`/v1/orders/${key}`, { 'if-none-match': `"other", W/${tag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    await happen(2, { step: 'wms_release', key });
    const changed = await ask(`/v1/orders/${key}`, { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('tells what is left of the quota, and so does its refusal', async () => {
    const asked = [];
    for (let i = 0; i < 4; i++) asked.push(await ask(`/v1/orders/${key}`, {}, 'hasty'));
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(asked[0]?.headers.get('ratelimit-policy')).toBe('"client";q=3;w=60');
    const left = asked.map(({ headers }) => /^"client";r=(\d+);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect(left).toEqual(['2', '1', '0', '0']);
    expect((await fetch(`${intake.url}/v1/orders/${key}`)).headers.get('ratelimit')).toBeNull();
  });

  it('at an address that will go is answered as before, and says since when, until when and where to ask instead', async () => {
    const path = `/v1/postings/${key}`;
    const former = await ask(path);
    expect(former.status).toBe(200);
    // RFC 9745: a structured date; RFC 8594: an HTTP date; the links of both.
    expect(former.headers.get('deprecation')).toBe(`@${Date.UTC(2026, 10, 29) / 1000}`);
    expect(former.headers.get('sunset')).toBe('Wed, 01 Dec 2027 00:00:00 GMT');
    const link = former.headers.get('link') ?? '';
    expect(link).toContain('rel="deprecation"');
    const successor = /<([^>]+)>; rel="successor-version"/.exec(link)?.[1] ?? '';
    const now = await ask(successor);
    expect(await now.json()).toEqual(await former.json());
    expect(now.headers.get('deprecation')).toBeNull();
    const refused = await fetch(intake.url + path);
    expect([refused.status, refused.headers.get('deprecation')]).toEqual([401, former.headers.get('deprecation')]);
  });

  it('about a return is answered with how far it has come, to whom it concerns', async () => {
    const answer = (await (await ask(`/v1/returns/${returnKey}`)).json()) as ReturnStatus;
    expect(answer).toMatchObject({ number: 'R-1', order_key: key, lifecycle: 'authorised', finished: false });
    expect(answer.steps.map(({ step }) => step)).toEqual(['intake_received', 'authorise']);
    for (const [path, as] of [
      [`/v1/returns/${returnKey}`, 'other'],
      ['/v1/returns/marketplace==return-none', 'portal'],
    ] as const) {
      const refused = await ask(path, {}, as);
      expect(refused.status).toBe(404);
      expect(((await refused.json()) as Problem).detail).toContain('no return');
    }
  });
});

it('every operation that will go says so in the description that clients are generated from', async () => {
  const { paths } = (await (await fetch(`${intake.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { deprecated?: boolean; responses: Record<string, unknown> }>>;
  };
  expect(paths['/v1/postings/{key}']?.['get']?.deprecated).toBe(true);
  expect(paths['/v1/orders/{key}/postings']?.['get']?.deprecated).toBeUndefined();
  expect(Object.keys(paths['/v1/orders/{key}']?.['get']?.responses ?? {})).toContain('304');
});
