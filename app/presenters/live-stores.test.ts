import { expect, it } from 'vitest';
import { storesTransmitting } from './live-stores.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const locations = ['dc', 'a', 'b', 'c', 'd'].map((id) => ({
  ...{ id, name: id, region: 'us', legal_entity: 'us', safety_stock: 0 },
  kind: id === 'dc' ? ('distribution_centre' as const) : ('store' as const),
}));

it('counts stores by whether they transmit, those in trouble first; each count leads to its list', () => {
  const heard = [
    { store: 'a', last_at: '2026-03-01T11:30:00.000Z', backlog: 0 },
    { store: 'b', last_at: '2026-03-01T11:00:00.000Z', backlog: 0 },
    { store: 'c', last_at: '2026-03-01T10:59:59.999Z', backlog: 7 },
  ];
  expect(storesTransmitting(locations, heard, { now, silentAfterMs: 3_600_000 })).toEqual([
    { word: 'silent', condition: 'bad', stores: 1, to: '/stores?state=silent' },
    { word: 'never heard of', condition: 'none', stores: 1, to: '/stores?state=never%20heard%20of' },
    { word: 'on schedule', condition: 'good', stores: 2, to: '/stores?state=on%20schedule' },
  ]);
});
