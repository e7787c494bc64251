import { describe, expect, it } from 'vitest';
import type { Role } from '#contracts/v1/permissions.ts';
import { ratesOn } from '#platform/rates.ts';
import { presentApproval, secondPersonAbove } from './case-approval.ts';

const asked = {
  status: 'awaiting_approval',
  amount: '328.00',
  currency: 'USD',
  approval: { requested_by: 'sam@example.com', requested_at: '2026-03-01T12:00:00.000Z', override_stale: false },
  fixed_by: 'ana@example.com',
  authors: ['ida@example.com', 'ana@example.com'],
} as const;
const seenBy = (email: string, role: Role) =>
  presentApproval(asked, [], { id: email, email, name: email, roles: [role] })?.whyNot;

describe('a replay of money that waits for a second person', () => {
  it('is decided by whoever may approve and has no part in it', () => {
    expect(seenBy('fin@example.com', 'finance')).toBe('');
    expect(seenBy('olga@example.com', 'operations')).toBe('');
    expect(seenBy('adm@example.com', 'administrator')).toBe('');
  });
  it('tells everybody else why they cannot', () => {
    expect(seenBy('tim@example.com', 'support')).toContain('Your role');
    expect(seenBy('eve@example.com', 'viewer')).toContain('Your role');
    expect(seenBy('sam@example.com', 'operations')).toContain('You asked for this replay');
    expect(seenBy('ana@example.com', 'operations')).toContain('You corrected this payload');
    expect(seenBy('ida@example.com', 'finance')).toContain('You wrote part of what it sends');
  });
  const viewer = { id: 'f', email: 'f@example.com', name: 'F', roles: ['finance'] as const };
  it('tells what it moves, which a correction may have changed', () => {
    const corrected = { ...asked, approval: { ...asked.approval, amount: '2630.15', currency: 'USD' } };
    expect(presentApproval(corrected, [], viewer)).toMatchObject({ amount: '2630.15', currency: 'USD' });
    expect(presentApproval(asked, [], viewer)).toMatchObject({ amount: '328.00', currency: 'USD' });
  });
  it('is nothing once it is decided', () => {
    expect(presentApproval({ ...asked, status: 'replaying' }, [], viewer)).toBeUndefined();
  });
});

it('a second person is announced above the amount, and where nobody knows what it is worth', () => {
  const estate = {
    policies: { second_person_above: '1000' },
  } as unknown as Parameters<typeof secondPersonAbove>[1];
  const rates = ratesOn('2026-03-01', { reporting_currency: 'USD', rates: { EUR: '1.10' } }, []);
  const above = (amount: string, currency: string) =>
    secondPersonAbove({ flow: 'order_to_cash', amount, currency }, estate, rates);
  expect(above('1000', 'USD')).toBeUndefined();
  expect(above('1000.01', 'USD')).toBe('1000');
  expect(above('950', 'EUR')).toBe('1000');
  expect(above('1', 'XXX')).toBe('1000');
  expect(secondPersonAbove({ flow: 'inventory_sync', amount: '', currency: '' }, estate, rates)).toBeUndefined();
});
