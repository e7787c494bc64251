import { describe, expect, it } from 'vitest';
import { system } from '#contracts/v1/estate.ts';
import { checksOf, type Facts, notReady, tallyOf } from './checks.ts';

const erp = system.parse({
  ...{ id: 'erp', name: 'ERP', role: 'erp', kind: 'netsuite', base_url: 'http://127.0.0.1', mode: 'observe' },
});
const row = (outcome: 'would_send' | 'would_stop' | 'unknown', calls: number, stop_code = '', stop_class = '') => ({
  ...{ system: 'erp', outcome, stop_class, stop_code, stop_message: '', calls, transactions: calls },
  ...{ latest_at: '2026-11-30T10:00:00.000Z', latest_flow: 'order_to_cash' as const, latest_key: 'shop==1' },
});
const facts = (more: Partial<Facts> = {}): Facts => ({
  system: erp,
  decided: undefined,
  passed: [],
  seen: undefined,
  mappingCases: 0,
  items: [],
  stock: undefined,
  shadow: undefined,
  ...more,
});
const check = (id: string, more: Partial<Facts> = {}) => checksOf(facts(more)).find((one) => one.id === id);

describe('what speaks against taking a system live', () => {
  it('is everything of which nothing is known', () => {
    expect(notReady(checksOf(facts())).map(({ id }) => id)).toEqual(['seen', 'observed', 'shadow']);
  });

  it('is a call that could not even have been made, with its code', () => {
    const passed = [row('would_send', 12), row('would_stop', 3, 'NO_LOCATION'), row('unknown', 1)];
    expect(tallyOf(passed)).toEqual({ wouldSend: 12, wouldStop: 3, unknown: 1, all: 16 });
    expect(check('observed', { passed })).toMatchObject({ condition: 'bad' });
    expect(check('mappings', { passed })).toMatchObject({ condition: 'good' });
  });

  it('is a mapping that a call lacked, unless one could be made after it', () => {
    const lacked = { ...row('would_stop', 3, 'UNMAPPED_TAX', 'mapping'), latest_at: '2026-11-30T10:00:01.000Z' };
    const sent = row('would_send', 12);
    expect(check('mappings', { passed: [sent, lacked] })).toMatchObject({
      condition: 'bad',
      says: 'Calls would have stopped because of UNMAPPED_TAX.',
    });
    const later = { ...sent, latest_at: '2026-11-30T10:00:02.000Z' };
    expect(check('mappings', { passed: [later, lacked] })).toMatchObject({ condition: 'good' });
  });

  it('is not that calls would have been sent', () => {
    expect(check('observed', { passed: [row('would_send', 12)] })).toMatchObject({
      condition: 'good',
      says: '12 calls would have been sent within 30 days.',
    });
  });

  it('is that of no call it is known what would have been sent', () => {
    expect(check('observed', { passed: [row('unknown', 4)] })).toMatchObject({
      condition: 'warn',
      word: 'nothing known',
    });
  });

  it('is stock that differs, of a system that a comparison reads, and of no other', () => {
    const group = {
      ...{ subject: '', system: 'erp', location: 'dc', channel: '', method: '', legal_entity: '', currency: '' },
      ...{ compared: 10, agreeing: 9, undecided: 0, ours: '', theirs: '' },
    };
    expect(check('stock')).toBeUndefined();
    expect(check('stock', { stock: { run_id: 'r', groups: [{ ...group, system: 'wms' }] } })).toBeUndefined();
    expect(check('stock', { stock: { run_id: 'r', groups: [group] } })).toMatchObject({ condition: 'warn' });
    const agreed = { run_id: 'r', groups: [{ ...group, agreeing: 10 }] };
    expect(check('stock', { stock: agreed })).toMatchObject({ condition: 'good' });
  });

  it('is a warehouse with a location of which no stock is kept', () => {
    const east = { name: 'East', items: 12 };
    expect(check('opening')).toBeUndefined();
    expect(check('opening', { items: [east, { name: 'West', items: 0 }] })).toMatchObject({
      condition: 'bad',
      says: 'No stock is kept yet at West: orders find nothing there.',
    });
    expect(check('opening', { items: [east] })).toMatchObject({ condition: 'good', says: 'SKUs kept: 12 at East.' });
  });

  it('is a system that was only heard, since its credentials are not known to work', () => {
    const heard_at = '2026-11-30T10:00:00.000Z';
    expect(check('seen', { seen: { answered_at: '', heard_at } })).toMatchObject({ condition: 'warn', at: heard_at });
    expect(check('seen', { seen: { answered_at: heard_at, heard_at } })).toMatchObject({ condition: 'good' });
  });
});
