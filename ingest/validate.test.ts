import { describe, expect, it } from 'vitest';
import { stepEvent as contract } from '#contracts/v1/step-event.ts';
import { stepEvent } from '#tests/support/step-events.ts';
import { compileValidator } from './validate.ts';

const validate = compileValidator(contract);
const arrivedMs = Date.UTC(2026, 9, 1, 12);

const valid = stepEvent(1, 1, {
  ended_at: '2026-10-01T10:00:01.000Z',
  occurred_at: '2026-10-01T09:00:00.000Z',
});
const judge = (given: object, subject = 'steps.1.order_to_cash.shopify-us==1') =>
  validate({ subject, data: Buffer.from(JSON.stringify({ ...valid, ...given })), arrivedMs });

describe('validation of what arrives', () => {
  it('accepts what the contract accepts, fields of a later version included', () => {
    expect(contract.safeParse(valid).success).toBe(true);
    expect(judge({})).toEqual({
      ok: true,
      at: '2026-10-01T10:00:01.000Z',
      key: 'shopify-us==1',
      flow: 'order_to_cash',
    });
    expect(judge({ ended_at: '', status: 'started' })).toMatchObject({ at: '2026-10-01T10:00:00.000Z' });
    expect(judge({ something_new: true })).toMatchObject({ ok: true });
  });

  it.each([
    [{ status: 'done' }, '/status'],
    [{ amount: '1e5' }, '/amount'],
    [{ trace_id: 'A'.repeat(32) }, '/trace_id'],
    [{ started_at: '2026-10-01 10:00:00' }, '/started_at'],
    [{ started_at: '2026-10-01T10:00:00.000+02:00' }, '/started_at'],
    [{ attributes: { a: 1 } }, '/attributes/a'],
    [{ writer: undefined }, '/writer'],
  ])('refuses %j and names %s, as the contract does', (given, path) => {
    expect(contract.safeParse({ ...valid, ...given }).success).toBe(false);
    expect(judge(given)).toMatchObject({ ok: false, path });
  });

  it.each([
    [{ started_at: '1999-12-31T23:59:59.999Z' }, '/started_at', 'before the year 2000'],
    [{ ended_at: '2026-10-02T12:00:00.001Z' }, '/ended_at', 'more than a day ahead'],
    [{ occurred_at: '2030-01-01T00:00:00.000Z' }, '/occurred_at', 'more than a day ahead'],
    [{ ended_at: '2026-10-01T09:59:59.999Z' }, '/ended_at', 'ended before it started'],
    [{ deadline: '9999-01-01T00:00:00.000Z' }, '/deadline', 'not a plausible date'],
    [{ ordinal: 4_294_967_296 }, '/ordinal', 'beyond'],
    [{ key: 'shopify-us==2' }, '/key', 'does not belong to the subject'],
    [{ stream_seq: 4 }, '', 'reserved'],
  ])('refuses %j: %s %s', (given, path, reason) => {
    expect(judge(given)).toMatchObject({ ok: false, path, reason: expect.stringContaining(reason) as string });
  });

  it('decides the same whenever it reads the same message', () => {
    const edge = { ended_at: '2026-10-02T11:59:59.999Z' };
    expect(judge(edge)).toMatchObject({ ok: true });
    expect(judge(edge)).toMatchObject({ ok: true });
  });

  it('refuses what is not JSON or not UTF-8', () => {
    const reasonOf = (text: string) => validate({ subject: 's', data: Buffer.from(text), arrivedMs });
    expect(reasonOf('['.repeat(20_000))).toEqual({ ok: false, path: '', reason: 'is not JSON' });
    expect(reasonOf('{"a":')).toEqual({ ok: false, path: '', reason: 'is not JSON at character 6' });
    expect(validate({ subject: 's', data: Buffer.from([0x7b, 0xff, 0x7d]), arrivedMs })).toMatchObject({
      ok: false,
      reason: 'is not UTF-8 text',
    });
    expect(validate({ subject: 's', data: Buffer.from('[]'), arrivedMs })).toMatchObject({ ok: false });
  });

  it.each([
    '{"buyer": Jane Doe}',
    '{"buyer":"Jane Doe"',
    '{"phone":"0170 1234567",}',
    '{"street":"Elm\n Street 5"}',
    'Jane Doe, Elm Street 5',
    '{"a":1}{"buyer":"Jane Doe"}',
  ])('never quotes what came: %j', (text) => {
    const { reason } = validate({ subject: 's', data: Buffer.from(text), arrivedMs }) as { reason: string };
    expect(reason).toMatch(/^is not JSON at character \d+$/);
  });

  it('names a field without an address that stands in its name', () => {
    const { path } = judge({ attributes: { 'jane@example.com': 1 } }) as { path: string };
    expect(path).toBe('/attributes/‹hidden›');
  });
});
