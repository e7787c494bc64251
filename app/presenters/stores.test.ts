import { expect, it } from 'vitest';
import { presentDay, transmissionState } from './stores.ts';

const noon = Date.parse('2026-03-02T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(noon - minutes * 60_000).toISOString();
const state = (lastAt: string | undefined, backlog = 0) => transmissionState(lastAt, backlog, noon, 900_000).word;

it('calls a store silent only once it has missed its schedule', () => {
  expect(state(minutesAgo(14))).toBe('on schedule');
  expect(state(minutesAgo(16))).toBe('silent');
  expect(state(minutesAgo(1), 3)).toBe('catching up');
  expect(state(undefined)).toBe('never heard of');
});

const day = {
  key: 'k',
  store: 'store-001',
  business_date: '2026-03-02',
  money: 'USD',
  batches: 1,
  receipts: 1,
  last_step: 'batch_received',
  last_status: 'completed',
  last_case: '',
  takings: '',
  tax: '',
  document: '',
  skipped: '',
};

it('tells where a day stands, and leads to a case only while it stops the day', () => {
  expect(presentDay(day)).toMatchObject({ word: 'open', closed: false });
  expect(presentDay({ ...day, last_step: 'close_day', document: 'JE1' })).toMatchObject({
    word: 'posted',
    closed: true,
  });
  expect(presentDay({ ...day, last_step: 'close_day', skipped: 'franchise' }).word).toBe('nothing to post');
  expect(
    presentDay({ ...day, last_step: 'reconcile_takings', last_status: 'quarantined', last_case: 'c1' }),
  ).toMatchObject({ word: 'in quarantine', caseId: 'c1' });
  expect(presentDay({ ...day, last_step: 'erp_post_journal', last_status: 'retrying' }).word).toBe('tried again');
});
