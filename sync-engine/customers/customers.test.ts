import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Customer } from '#contracts/v1/customer.ts';
import { customerRecord, mergeCustomer, type CustomerRecord } from './merge.ts';
import { customerProblems, normalEmail, normalName, normalPhone } from './normal-forms.ts';
import { matchByPhone, notePhone } from './phone-matches.ts';

const day = (n: number) => new Date(Date.UTC(2026, 2, n)).toISOString();
const told = (more: Partial<Customer> = {}): Customer => ({
  schema_version: 1,
  external_id: '1',
  updated_at: day(1),
  ...more,
});

describe('merging', () => {
  const merged = (...versions: [Customer, string][]) =>
    versions.reduce<CustomerRecord | undefined>(
      (before, [customer, system], i) => mergeCustomer(before, 'c', customer, { system, seq: i + 1 }).record,
      undefined,
    );

  test('the newest value that is not empty stays', () => {
    const record = merged(
      [told({ full_name: 'Ada', email: 'a@example.com', updated_at: day(2) }), 'shop'],
      [told({ full_name: ' ', phone: '123456', updated_at: day(3) }), 'erp'],
      [told({ full_name: 'Old', email: 'old@example.com', updated_at: day(1) }), 'till'],
    );
    expect(record).toMatchObject({
      full_name: { value: 'Ada', system: 'shop' },
      email: { value: 'a@example.com' },
      phone: { value: '123456', system: 'erp' },
    });
    expect(record?.members).toHaveLength(3);
  });

  test('a withdrawal stands against an older grant and one of the same moment, and yields to a newer one', () => {
    const said = (state: 'granted' | 'withdrawn', at: string, updated_at: string) =>
      told({ marketing_consent: { state, at }, updated_at });
    const stateAfter = (...versions: Customer[]) =>
      merged(...versions.map((one): [Customer, string] => [one, 'shop']))?.marketing_consent?.value.state;
    expect(stateAfter(said('withdrawn', day(5), day(5)), said('granted', day(4), day(9)))).toBe('withdrawn');
    expect(stateAfter(said('granted', day(5), day(5)), said('withdrawn', day(5), day(4)))).toBe('withdrawn');
    expect(stateAfter(said('withdrawn', day(5), day(5)), said('granted', day(5), day(9)))).toBe('withdrawn');
    expect(stateAfter(said('withdrawn', day(5), day(5)), said('granted', day(6), day(6)))).toBe('granted');
  });

  test('what changed is told by field, and the same again changes nothing', () => {
    const first = mergeCustomer(undefined, 'c', told({ full_name: 'Ada' }), { system: 'shop', seq: 4 });
    expect(first).toMatchObject({ took: ['full_name'], joined: true, record: { changed_by: 4 } });
    const again = mergeCustomer(first.record, 'c', told({ full_name: 'Ada' }), { system: 'shop', seq: 4 });
    expect(again).toEqual({ record: first.record, took: [], joined: false });
    const later = mergeCustomer(first.record, 'c', told({ full_name: 'Ada', updated_at: day(2) }), {
      ...{ system: 'shop', seq: 9 },
    });
    expect(later).toMatchObject({ took: [], record: { changed_by: 4, full_name: { at: day(2) } } });
  });

  const state = fc.constantFrom<'granted' | 'withdrawn'>('granted', 'withdrawn');
  const instant = fc.integer({ min: 1, max: 6 }).map(day);
  const text = fc.option(fc.constantFrom('', ' ', 'x', 'y', 'z'), { nil: undefined });
  const version = fc.record(
    {
      ...{ full_name: text, email: text, phone: text },
      marketing_consent: fc.option(fc.record({ state, at: instant }), { nil: undefined }),
      system: fc.constantFrom('shop', 'erp'),
      external_id: fc.constantFrom('1', '2'),
      updated_at: instant,
    },
    { requiredKeys: ['system', 'external_id', 'updated_at', 'marketing_consent'] },
  );
  const versions = fc.array(version, { minLength: 1, maxLength: 6 }).map((list) =>
    list.map(({ system, marketing_consent, full_name, email, phone, ...rest }, i) => ({
      customer: told({
        ...rest,
        ...(full_name !== undefined && { full_name }),
        ...(email !== undefined && { email }),
        ...(phone !== undefined && { phone }),
        ...(marketing_consent !== undefined && { marketing_consent }),
      }),
      from: { system, seq: i + 1 },
    })),
  );
  const all = (list: { customer: Customer; from: { system: string; seq: number } }[]) => {
    const record = list.reduce<CustomerRecord | undefined>(
      (before, { customer, from }) => mergeCustomer(before, 'c', customer, from).record,
      undefined,
    );
    const { changed_by: _, ...rest } = customerRecord.parse(record);
    return rest;
  };

  test('lets a correction win over what is newer than its message, in nothing but what it changed', () => {
    const message = told({ full_name: 'Old', phone: '+1 1', updated_at: day(1) });
    const first = mergeCustomer(undefined, 'c', message, { system: 'shop', seq: 1 }).record;
    const newest = told({ full_name: 'New', phone: '+1 2', updated_at: day(3) });
    const second = mergeCustomer(first, 'c', newest, { system: 'erp', seq: 2 }).record;
    const correction = { at: day(4), fields: ['phone' as const] };
    const from = { system: 'shop', seq: 1, correction };
    const corrected = mergeCustomer(second, 'c', { ...message, phone: '+1 3' }, from);
    expect(corrected.took).toEqual(['phone']);
    expect(corrected.record).toMatchObject({
      ...{ full_name: { value: 'New' }, phone: { value: '+1 3', at: day(4) }, changed_by: 1 },
    });
    // Once more is no change; corrected again, it takes away what only it had said.
    expect(mergeCustomer(corrected.record, 'c', { ...message, phone: '+1 3' }, from).record).toEqual(corrected.record);
    const { phone: _, ...without } = message;
    const taken = mergeCustomer(corrected.record, 'c', without, from);
    expect(taken.took).toEqual(['phone']);
    expect(customerRecord.parse(taken.record).phone).toBeUndefined();
  });

  test('comes to the same in whatever order versions arrive and however often', () => {
    const orders = versions.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.shuffledSubarray(list)),
    );
    fc.assert(
      fc.property(orders, ([list, shuffled, repeated]) => {
        expect(all([...shuffled, ...repeated])).toEqual(all(list));
      }),
    );
  });

  test('never forgets a value and never lets a grant stand that is older than a withdrawal', () => {
    fc.assert(
      fc.property(versions, (list) => {
        const record = all(list);
        for (const field of ['full_name', 'email', 'phone'] as const)
          expect(record[field] !== undefined).toBe(list.some(({ customer }) => (customer[field] ?? '').trim() !== ''));
        const said = list.flatMap(({ customer }) => customer.marketing_consent ?? []);
        const latest = said
          .map(({ at }) => at)
          .sort()
          .at(-1);
        if (said.some(({ state: one, at }) => one === 'withdrawn' && at === latest))
          expect(record.marketing_consent?.value.state).toBe('withdrawn');
      }),
    );
  });
});

describe('matching', () => {
  test('sees the same e-mail address, phone number and name through how they are written', () => {
    expect(normalEmail(' Ada@Example.COM ')).toBe('ada@example.com');
    expect(normalPhone('0049 (30) 123-456/7')).toBe('+49301234567');
    expect(normalName('  ZOË  O’Neill-Smith ')).toBe(normalName('zoe o neill smith'));
    fc.assert(
      fc.property(fc.string(), (any) => {
        for (const normal of [normalEmail, normalName]) expect(normal(normal(any))).toBe(normal(any));
      }),
    );
  });

  const entry = (id: string, name = '', email = '') => ({ id, name, email });
  test('the same phone and name are the same person; the phone alone is not', () => {
    expect(matchByPhone([entry('a', 'ada')], entry('new', 'ada', 'e1'))).toEqual({ same: 'a' });
    expect(matchByPhone([entry('a', 'ada', 'e1')], entry('new', 'bob'))).toBeUndefined();
    expect(matchByPhone([entry('a')], entry('new'))).toBeUndefined();
  });
  test('e-mail addresses that differ make it doubtful, unless the entry is the newcomer’s own', () => {
    expect(matchByPhone([entry('a', 'ada', 'e1')], entry('new', 'ada', 'e2'))).toEqual({ doubtful: 'a' });
    expect(matchByPhone([entry('new', 'ada', 'e1')], entry('new', 'ada', 'e2'))).toBeUndefined();
  });
  test('noting somebody keeps what they are known by, and drops whom they turned out not to be', () => {
    const noted = notePhone([entry('own', 'ada'), entry('b', 'ben', 'e1')], entry('b', 'ada'), 'own');
    expect(noted).toEqual([entry('b', 'ada', 'e1')]);
    const parts = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('', 'x'),
      email: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(parts), parts, (list, mine) => {
        const once = notePhone(list, mine, '');
        expect(notePhone(once, mine, '')).toEqual(once);
      }),
    );
  });
});

test('what is not well formed is named by its field', () => {
  const now = new Date(day(2));
  const paths = (more: Partial<Customer>) => customerProblems(told(more), now).map(({ path }) => path);
  expect(paths({ email: 'Ada@Example.com', phone: '123-123-1234' })).toEqual([]);
  expect(paths({ email: '', phone: ' ' })).toEqual([]);
  expect(paths({ email: 'ada@', phone: 'call me' })).toEqual(['/email', '/phone']);
  const marketing_consent = { state: 'granted' as const, at: day(9) };
  expect(paths({ updated_at: day(9), marketing_consent })).toEqual(['/updated_at', '/marketing_consent']);
});
