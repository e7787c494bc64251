import { expect, it } from 'vitest';
import type { Incident } from '#contracts/v1/incident.ts';
import { lastedMs, openOnes, ordered, passes, readIncidentFilter } from './filters.ts';

const estate = { systems: [{ id: 'erp' }, { id: 'wms' }], channels: [{ id: 'web' }] } as unknown as Parameters<
  typeof readIncidentFilter
>[1];
const now = new Date('2026-11-27T15:00:00.000Z');

function incident(number: number, more: Partial<Incident> = {}): Incident {
  const at = new Date(Date.parse('2026-11-27T10:00:00.000Z') + number * 60_000).toISOString();
  return {
    incident_id: `INC-${number}`,
    revision: 1,
    title: `Trouble ${number}`,
    severity: 'minor',
    affected: { systems: ['erp'], channels: [], flows: [] },
    state: 'open',
    since: at,
    raised_at: at,
    raised_by: 'olga@example.com',
    lead: '',
    links: [],
    updated_at: at,
    updated_by: 'olga@example.com',
    ...more,
  };
}
const ids = (incidents: readonly Incident[]) => incidents.map(({ incident_id }) => incident_id);
const filtered = (all: readonly Incident[], search: string) =>
  ids(all.filter((one) => passes(one, readIncidentFilter(new URLSearchParams(search), estate))));

it('filters by state, severity, what is affected, and words of id, title or lead', () => {
  const all = [
    incident(1, { state: 'ended', severity: 'critical' }),
    incident(2, { severity: 'major', affected: { systems: ['wms'], channels: ['web'], flows: [] } }),
    incident(3, { lead: 'Ana@example.com' }),
  ];
  expect(filtered(all, '')).toEqual(['INC-1', 'INC-2', 'INC-3']);
  expect(filtered(all, 'state=open')).toEqual(['INC-2', 'INC-3']);
  expect(filtered(all, 'state=ended&severity=minor')).toEqual([]);
  expect(filtered(all, 'severity=critical&severity=major')).toEqual(['INC-1', 'INC-2']);
  expect(filtered(all, 'system=wms')).toEqual(['INC-2']);
  expect(filtered(all, 'channel=web&system=erp')).toEqual([]);
  // What the estate does not have is no filter.
  expect(filtered(all, 'system=abacus')).toHaveLength(3);
  expect(filtered(all, 'q=inc-2')).toEqual(['INC-2']);
  expect(filtered(all, 'q=ANA@')).toEqual(['INC-3']);
});

it('orders by number, severity and how long each lasted', () => {
  const over = { ended_at: '2026-11-27T10:31:00.000Z' } as NonNullable<Incident['ending']>;
  const all = [incident(1, { ending: over, state: 'ended' }), incident(2, { severity: 'critical' }), incident(10)];
  const by = (search: string) => ids(ordered(all, new URLSearchParams(search), now));
  expect(by('')).toEqual(['INC-10', 'INC-2', 'INC-1']);
  expect(by('sort=number')).toEqual(['INC-1', 'INC-2', 'INC-10']);
  expect(by('sort=-severity')).toEqual(['INC-2', 'INC-10', 'INC-1']);
  expect(by('sort=-duration')[0]).toBe('INC-2');
  expect(lastedMs(all[0] ?? incident(1), now)).toBe(1_800_000);
});

it('tells everybody of what is open, the worst first, then the newest', () => {
  const all = [incident(1), incident(2, { state: 'ended' }), incident(3), incident(4, { severity: 'critical' })];
  expect(ids(openOnes(all))).toEqual(['INC-4', 'INC-3', 'INC-1']);
});
