import { describe, expect, it } from 'vitest';
import { connectorState } from '#contracts/v1/connector-state.ts';
import { system as systemContract } from '#contracts/v1/estate.ts';
import { rateNear, storageNear } from './near-limits.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const system = (changes: object = {}) =>
  systemContract.parse({
    ...{ id: 'erp', name: 'ERP', role: 'erp', kind: 'netsuite', base_url: 'https://erp.example' },
    ...{ limits: { rate_per_s: 10 }, ...changes },
  });
const state = (rate_per_s: number, changes: object = {}) =>
  connectorState.parse({
    ...{ id: 'erp', state: 'closed', pending: 0, in_flight: 0, waiting: 0, oldest_at: '', rate_per_s },
    ...{ updated_at: now.toISOString(), ...changes },
  });

describe('a rate nearly used', () => {
  it('is warned of from nine tenths on, and says what waits', () => {
    expect(rateNear(system(), state(8.9), now)).toBeUndefined();
    expect(rateNear(system(), state(9), now)).toMatchObject({ severity: 'warn', system: 'erp' });
    const busy = rateNear(system(), state(9.8, { pending: 40, waiting: 2 }), now);
    expect(busy).toMatchObject({ message: expect.stringContaining('42 messages') as string });
  });

  it('is none where no rate is declared, and unknown where the engine says nothing', () => {
    expect(rateNear(system({ limits: {} }), state(500), now)).toBeUndefined();
    expect(rateNear(system(), undefined, now)).toBe('unknown');
    expect(rateNear(system(), state(9, { updated_at: '2026-03-02T09:58:00.000Z' }), now)).toBe('unknown');
  });
});

describe('storage nearly used', () => {
  it('is warned of from four fifths on and presses from 95 % on', () => {
    expect(storageNear(79e9, 100e9)).toEqual([]);
    expect(storageNear(80e9, 100e9)).toMatchObject([{ severity: 'warn', system: '' }]);
    expect(storageNear(96e9, 100e9)).toMatchObject([{ severity: 'bad' }]);
  });
});
