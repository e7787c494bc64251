import { describe, expect, it } from 'vitest';
import { casesTile, freshnessTile, latencyTile, ordersTile, percent, postingsTile } from './live-tiles.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const none = { orders: 0, value: { amount: '0.00', currency: 'USD' } };
const latency = (over: Partial<Parameters<typeof latencyTile>[0]> = {}) =>
  latencyTile({
    orders: 100,
    latency: [4_000, 18_500, 190_000],
    before: [4_000, 25_700, 190_000],
    ordersBefore: 90,
    within: 99,
    waiting: { waiting: 0, oldest_at: '', late: 0 },
    targetMs: 300_000,
    now,
    points: [],
    ...over,
  });

describe('tiles of the Live page', () => {
  it('divides orders by the minutes of the window', () => {
    const tile = ordersTile({ orders: 90, orders_before: 100, minutes: 30, missing: none, points: [] });
    expect(tile.value).toBe('3');
    expect(tile.change).toEqual({ words: '−10 %', better: false });
  });

  it('says what never arrived beside what did', () => {
    const missing = { orders: 3, value: { amount: '412.40', currency: 'USD' } };
    const { beside } = ordersTile({ orders: 1, orders_before: 1, minutes: 1, missing, points: [] });
    expect(beside).toEqual([
      { text: '1 order', condition: 'none' },
      { text: '3 never arrived, 412 USD', condition: 'bad' },
    ]);
  });

  it('calls silence after orders bad, and silence after silence nothing', () => {
    expect(ordersTile({ orders: 0, orders_before: 10, minutes: 30, missing: none, points: [] }).condition).toBe('bad');
    expect(ordersTile({ orders: 0, orders_before: 0, minutes: 30, missing: none, points: [] }).condition).toBe('none');
  });

  it('shows p95 with its unit, and shorter as better', () => {
    const tile = latency();
    expect([tile.value, tile.unit]).toEqual(['18.5', 's p95']);
    expect(tile.change).toEqual({ words: '−7.2 s', better: true });
    expect(tile.condition).toBe('good');
  });

  it('never lets an outage look fast: what waits past its deadline stands beside the latency', () => {
    const waiting = { waiting: 12, oldest_at: '2026-03-01T11:00:00.000Z', late: 7 };
    const tile = latency({ waiting });
    expect(tile.condition).toBe('warn');
    expect(tile.beside.at(-1)?.text).toBe('12 waiting, oldest 1 h, 7 late');
    expect(latency({ orders: 0, latency: [null, null, null], waiting }).value).toBe('–');
  });

  it('is over target when p95 is', () => {
    expect(latency({ latency: [1, 300_001, 300_001] }).word).toBe('over target');
    expect(latency({ latency: [1, 300_000, 300_001] }).condition).toBe('good');
  });

  it('counts failed postings among those attempted, and says when none were', () => {
    const tile = postingsTile({ postings: 570, failed: 2, postings_before: 0, failed_before: 0, points: [] });
    expect([tile.value, tile.condition, tile.change]).toEqual(['0.35', 'good', undefined]);
    const none = postingsTile({ postings: 0, failed: 0, postings_before: 5, failed_before: 1, points: [] });
    expect([none.value, none.word]).toEqual(['–', 'none attempted']);
  });

  it('calls inventory fresh only when nothing is stale', () => {
    const base = { items: 1_000, waiting: 3, oldest_at: '2026-03-01T11:59:30.000Z', targetMs: 60_000, now, points: [] };
    expect(freshnessTile({ ...base, stale: 0 }).condition).toBe('good');
    expect(freshnessTile({ ...base, stale: 5 }).condition).toBe('warn');
    expect(freshnessTile({ ...base, stale: 50 }).condition).toBe('bad');
    expect(freshnessTile({ ...base, items: 0, stale: 0 }).word).toBe('no stock known');
  });

  it('says the money, the oldest and the next breach of open cases', () => {
    const open = {
      cases: 3,
      muted: 0,
      atRisk: { amount: '1234.50', currency: 'USD' },
      stuck: 0,
      rates: 'Rates to USD: EUR 1.08.',
      oldest: '2026-03-01T10:00:00.000Z',
      late: 0,
      nextBreach: '2026-03-01T12:10:00.000Z',
      now,
      points: [],
    };
    const tile = casesTile(open);
    expect(tile.beside.map(({ text }) => text)).toEqual(['1,235 USD at risk', 'oldest 2 h', 'next breach in 10 min']);
    expect(tile.to).toBe('/quarantine');
    expect(tile.figure.rates).toContain('EUR 1.08');
    expect(casesTile({ ...open, stuck: 2 }).beside[0]?.text).toBe('1,235 USD at risk, with 2 stuck');
    // Cases of muted causes count, are named, and are in the list the tile leads to.
    const withMuted = casesTile({ ...open, muted: 2 });
    expect(withMuted.value).toBe('3');
    expect(withMuted.beside[1]?.text).toBe('2 of them of muted causes');
    expect(withMuted.to).toBe('/quarantine?muted=show');
  });

  it('never rounds to all or nothing', () => {
    expect([percent(0), percent(0.00001), percent(0.0035), percent(0.98549), percent(0.99999), percent(1)]).toEqual([
      '0',
      '0.01',
      '0.35',
      '98.5',
      '99.9',
      '100',
    ]);
  });
});
