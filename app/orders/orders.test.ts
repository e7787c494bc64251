import { describe, expect, it } from 'vitest';
import { presentOrderRow } from '#app/presenters/order-list.ts';
import type { OrderRow } from '#app/queries/order-list.ts';
import { searchTerms } from './filters.ts';
import { pastedInWords, sortPastedValues } from './pasted-values.ts';

describe('what an agent typed or pasted', () => {
  it('may be the beginning of one number', () => {
    expect(searchTerms(' 1Z999 ')).toEqual({ terms: ['1z999', '#1z999'], prefix: '1z999' });
  });
  it('may be many whole numbers, one a line or with commas', () => {
    const { terms, prefix } = searchTerms('#1001\n1002, "1003";#1001');
    expect(terms).toEqual(['1001', '#1001', '1002', '#1002', '1003', '#1003']);
    expect(prefix).toBe('');
  });
  it('may be nothing, or too short to be a beginning', () => {
    expect(searchTerms('  \n ')).toEqual({ terms: [], prefix: '' });
    expect(searchTerms('10').prefix).toBe('');
  });
  it('comes to exactly one end each: listed, left out by filters, not found, not looked up', () => {
    const typed = ['#1001', '1002', '1001', 'SO-7', '#1004', ...Array.from({ length: 600 }, (_, i) => `A${i}`)];
    const pasted = sortPastedValues(typed.join('\n'), [
      { term: '#1001', listed: true },
      { term: '1002', listed: false },
      { term: 'so-7', listed: false },
      { term: '#so-7', listed: true },
    ]);
    expect(pasted).toMatchObject({ asked: 604, listed: 2, filteredOut: ['1002'] });
    expect(pasted?.notFound.slice(0, 2)).toEqual(['#1004', 'A0']);
    expect(pasted?.notFound).toHaveLength(497);
    expect(pasted?.notLookedUp).toHaveLength(104);
    expect(pasted && pastedInWords(pasted)).toBe(
      '2 of 604 numbers found, 1 left out by the filters, 497 not found, 104 not looked up',
    );
  });
  it('is not taken apart where it is one value', () => {
    expect(sortPastedValues(' #1001 1001', [])).toBeUndefined();
  });
});

describe('a row of the order list', () => {
  const row: OrderRow = {
    key: 'shopify-us==1',
    business_key: '#1001',
    occurred_at: '2026-03-01T09:00:00.000Z',
    channel: 'web-us',
    legal_entity: 'us-retail',
    tier: 'express',
    amount: '403.000000',
    currency: 'USD',
    lifecycle: 'allocated',
    step: 'erp_create_sales_order',
    status: 'retrying',
    system: 'netsuite',
    attempt: 2,
    deadline: '2026-03-01T09:30:00.000Z',
    last_at: '2026-03-01T09:10:00.000Z',
    retry_at: '2026-03-01T09:11:00.000Z',
    error_message: 'No customer kim@example.com',
    is_open: true,
    open_case: '',
    erp_ms: null,
    released_ms: null,
  };
  const names = {
    systems: { netsuite: { name: 'NetSuite', role: 'erp' as const, adminUrl: '' } },
    channels: { 'web-us': { name: 'Web US', system: 'shopify-us' } },
    entities: { 'us-retail': 'US Retail Inc' },
    locations: {},
  };
  it('says in words what the order is doing, and shows no e-mail address', () => {
    const item = presentOrderRow(row, names);
    expect(item).toMatchObject({
      doing: 'Sales order created at NetSuite: failed, tried again',
      channel: 'Web US',
      entity: 'US Retail Inc',
    });
    expect(item.message).toBe('No customer ‹hidden›');
  });
  it('has no deadline and no retry once it is finished', () => {
    const item = presentOrderRow({ ...row, is_open: false, status: 'completed' }, names);
    expect([item.deadline, item.retryAt]).toEqual(['', '']);
  });
});
