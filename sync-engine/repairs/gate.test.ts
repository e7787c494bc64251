import { expect, test } from 'vitest';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { reasonToWait } from './gate.ts';

const now = new Date('2026-05-01T10:00:00.000Z');
const well: ConnectorState = {
  id: 'erp',
  state: 'closed',
  pending: 0,
  in_flight: 0,
  waiting: 0,
  oldest_at: '',
  live_oldest_at: '',
  rate_per_s: 1,
  updated_at: now.toISOString(),
};
const reason = (state: Partial<ConnectorState>, systems = ['erp'], held?: string) =>
  reasonToWait(
    {
      estate: smallEstate,
      connector: (id) => (id === 'erp' ? { ...well, ...state } : undefined),
      onHold: () => held,
      now: () => now,
    },
    { fingerprint: 'abcdef12', systems },
  );

test('a healthy way with live traffic in time is no reason to wait', () => {
  expect(reason({})).toBeUndefined();
  // The tightest promise of the estate is 60 s; a tenth of it is 6 s.
  expect(reason({ live_oldest_at: '2026-05-01T09:59:55.000Z' })).toBeUndefined();
  expect(reason({ oldest_at: '2026-05-01T09:00:00.000Z' })).toBeUndefined();
});

test('a system that is not well, live orders that wait and a cause on hold are reasons, in words', () => {
  expect(reason({ state: 'open' })).toBe('ERP does not answer.');
  expect(reason({ state: 'maintenance' })).toBe('ERP is in maintenance.');
  expect(reason({ live_oldest_at: '2026-05-01T09:59:50.000Z' })).toBe(
    'Live orders have waited 10 s for ERP; they come first.',
  );
  expect(reason({}, ['erp'], 'the vendor looks into it')).toBe('The cause is on hold: the vendor looks into it');
});

test('a system that is not on the way does not matter', () => {
  expect(reason({ state: 'open' }, ['wms-one'])).toBeUndefined();
});
