import { describe, expect, it } from 'vitest';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import { estate } from '#contracts/v1/estate.ts';
import { backlogTile, connectorRows } from './live-connectors.ts';
import { landscapeLinks } from './live-landscape.ts';
import { casesTile } from './live-tiles.ts';
import { publishedPairs } from './published-pairs.ts';
import { failingAreas } from './wall.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const system = (id: string, role: string, kind: string) => ({
  id,
  name: id.toUpperCase(),
  role,
  kind,
  base_url: 'http://x',
});
const sla = { acknowledge_s: 60, erp_s: 300, release_s: 900, ship_s: 86_400 };
const channel = (id: string) => ({
  id,
  name: id,
  system: id,
  payment: id,
  region: 'us',
  brand: 'b',
  legal_entity: 'us',
  currency: 'USD',
  locations: ['dc'],
});
const small = estate.parse({
  version: 1,
  name: 'Small',
  reporting_currency: 'USD',
  rates: { USD: '1' },
  systems: [
    system('shop', 'channel', 'shopify'),
    system('bazaar', 'channel', 'channel-api'),
    system('erp', 'erp', 'netsuite'),
  ],
  channels: [channel('shop'), channel('bazaar')],
  locations: [{ id: 'dc', name: 'DC', kind: 'distribution_centre', region: 'us', legal_entity: 'us' }],
  legal_entities: [{ id: 'us', name: 'US', country_code: 'US', currency: 'USD', erp: 'erp', erp_subsidiary: '1' }],
  sla: { express: sla, standard: sla, economy: sla },
});
const state = (id: string, change: Partial<ConnectorState> = {}): [string, ConnectorState] => [
  id,
  {
    id,
    state: 'closed',
    pending: 0,
    in_flight: 0,
    waiting: 0,
    oldest_at: '',
    rate_per_s: 1,
    updated_at: '2026-03-01T11:59:55.000Z',
    ...change,
  },
];

describe('connectors', () => {
  it('have a backlog of pending, in flight and waiting', () => {
    const rows = connectorRows(small, new Map([state('erp', { pending: 3, in_flight: 2, waiting: 1 })]), now);
    expect(rows.find((row) => row.id === 'erp')?.backlog).toBe(6);
    expect(backlogTile(rows, now).value).toBe('6');
  });

  it('that have fallen silent are not shown as flowing', () => {
    const rows = connectorRows(small, new Map([state('erp', { updated_at: '2026-03-01T11:58:00.000Z' })]), now);
    expect(rows.map((row) => row.word)).toEqual(['not heard of', 'calls us', 'not heard of']);
    expect(backlogTile(rows, now).word).toBe('engine not heard of');
  });

  it('with an open breaker make the backlog bad', () => {
    const states = new Map([state('shop'), state('bazaar'), state('erp', { state: 'open', pending: 4 })]);
    const tile = backlogTile(connectorRows(small, states, now), now);
    expect([tile.condition, tile.word]).toEqual(['bad', '1 breaker open']);
  });
});

describe('the landscape', () => {
  const rows = connectorRows(
    small,
    new Map([state('shop'), state('bazaar'), state('erp', { state: 'open', pending: 4 })]),
    now,
  );
  const links = landscapeLinks(
    small,
    rows,
    [
      { system: 'shop', inbound: true, count: 60, failures: 0, took: [900, 1_200] },
      { system: 'shop', inbound: false, count: 30, failures: 2, took: [300, 400] },
      { system: 'erp', inbound: false, count: 15, failures: 5, took: [800, 1_500] },
    ],
    30,
  );

  it('shows orders in per minute and their lag for a channel, calls and their duration for a system', () => {
    expect(links.map(({ id, ratePerMin, p50 }) => [id, ratePerMin, p50])).toEqual([
      ['shop', 2, 900],
      ['bazaar', 0, null],
      ['erp', 0.5, 800],
    ]);
  });

  it('says of a channel that calls us whether it does', () => {
    const unheard = connectorRows(small, new Map(), now);
    const traffic = { inbound: true, count: 3, failures: 0, took: [9, 9] as [number, number] };
    const words = landscapeLinks(small, unheard, [{ system: 'bazaar', ...traffic }], 30).map(({ word }) => word);
    expect(words).toEqual(['not heard of', 'arriving', 'not heard of']);
  });

  it('names what fails on the wallboard, stopped connectors first', () => {
    const areas = failingAreas({ tiles: [], links, groups: [] });
    expect(areas).toEqual([
      { title: 'Connectors stopped', condition: 'bad', lines: ['ERP: breaker open, 4 messages held'] },
    ]);
  });
});

it('names open cases on the wallboard also where none was opened in its window', () => {
  const counts = {
    cases: 5,
    muted: 0,
    atRisk: { amount: '1033', currency: 'USD' },
    stuck: 0,
    rates: '',
    late: 5,
    nextBreach: '',
    points: [],
    now,
  };
  const tiles = [casesTile({ ...counts, oldest: '2026-03-01T09:00:00.000Z' })];
  expect(failingAreas({ tiles, links: [], groups: [] })).toMatchObject([
    { title: 'Open cases: 5 past deadline', condition: 'bad' },
  ]);
  const group = { fingerprint: 'f', message: 'No tax code', where: '', cases: 5, open: 5, firstAt: '' };
  const value = { amount: '1033', currency: 'USD', withoutRate: [] };
  const groups = [{ ...group, trend: 'new' as const, value }];
  expect(failingAreas({ tiles, links: [], groups }).map(({ title }) => title)).toEqual(['Orders stopped, by cause']);
  expect(failingAreas({ tiles: [], links: [], groups: [] })).toEqual([]);
});

it('expects publications only for channels that are told, not for those that ask', () => {
  expect(publishedPairs(small)).toEqual({ locations: ['dc'], channels: ['shop'] });
});
