import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { storedRate } from '#contracts/v1/rate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { type Audit, openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { type CommandHandlers, requestCommand, serveCommands } from '#platform/nats/service.ts';
import { rateCommands } from '#sync-engine/commands/rate-commands.ts';
import { startNats, type TestNats } from '../support/nats.ts';

const finn = { id: 'finn@example.com', roles: ['finance' as const] };
const now = () => new Date('2026-03-01T10:00:00.000Z');
const entry = (currency: string, rate: string) => ({ day: '2026-03-01', currency, rate });

let nats: TestNats;
let nc: NatsConnection;
let kv: KV;
let audit: Audit;
/** Happens right before a rate is written. */
let before: (currency: string) => Promise<void>;

beforeAll(async () => {
  nats = await startNats();
  nc = await connect({ servers: nats.url });
  kv = await openBucket(nc, buckets.rates);
  audit = await openAudit(nc, silentLog, now);
  const disturbed = Object.assign(Object.create(kv) as KV, {
    create: async (key: string, value: string) => {
      await before(key.split('.')[1] ?? '');
      return kv.create(key, value);
    },
    update: async (key: string, value: string, revision: number) => {
      await before(key.split('.')[1] ?? '');
      return kv.update(key, value, revision);
    },
  });
  const commands = rateCommands({
    ...{ kv: disturbed, learn: () => undefined, estate: { reporting_currency: 'USD' }, log: silentLog, now },
  });
  // The engine's part of it: only this is asked for here.
  await serveCommands(nc, commands as CommandHandlers, silentLog, audit);
}, 60_000);
afterAll(async () => {
  await nc.close();
  await nats.close();
});
beforeEach(() => (before = () => Promise.resolve()));

const set = (entries: object[], reason = '') =>
  requestCommand(nc, 'rates.set', { actor: finn, entries: entries as ReturnType<typeof entry>[], reason });
const stored = async (currency: string) => (await getJson(kv, `USD.${currency}.2026-03-01`, storedRate))?.value;
/** Somebody else sets a rate, past the engine that is asked. */
const put = async (currency: string, rate: string) => {
  const version = ((await stored(currency))?.version ?? 0) + 1;
  const by = { reporting_currency: 'USD', set_by: 'olga@example.com', set_at: now().toISOString(), reason: '' };
  await kv.put(`USD.${currency}.2026-03-01`, JSON.stringify({ ...entry(currency, rate), ...by, version, former: [] }));
};
const lastAct = async () => (await audit.latest(1))[0];

it('a rate that somebody sets in between is not overwritten, and the reply names the row', async () => {
  before = (currency) => (currency === 'GBP' ? put('GBP', '1.30') : Promise.resolve());
  const reply = await set([entry('EUR', '1.08'), entry('GBP', '1.27'), entry('CHF', '1.1')], 'month end');
  expect(reply).toMatchObject({
    ok: false,
    error: {
      code: 'conflict',
      message: 'Of 3 rates 1 is not set; 2 are.',
      fields: [{ path: '/entries/1/rate', message: expect.stringContaining('1.30') as string }],
    },
    rates_set: ['CHF 2026-03-01', 'EUR 2026-03-01'],
  });
  expect(await stored('GBP')).toMatchObject({ rate: '1.30', set_by: 'olga@example.com', version: 1 });
  expect(await lastAct()).toMatchObject({
    ...{ action: 'rates.set', outcome: 'conflict' },
    detail: { rates: '3', set: '2', those_set: 'CHF 2026-03-01, EUR 2026-03-01' },
  });
});

it('a correction does not overwrite another one made in between, though it has a reason', async () => {
  await put('JPY', '0.0067');
  before = () => put('JPY', '0.0068');
  expect(await set([entry('JPY', '0.0069')], 'mistyped')).toMatchObject({
    ok: false,
    error: { code: 'conflict', fields: [{ message: expect.stringContaining('0.0068') as string }] },
  });
  expect(await stored('JPY')).toMatchObject({ rate: '0.0068' });
});

it('a rate that somebody sets alike in between is there already', async () => {
  before = () => put('SEK', '0.10');
  expect(await set([entry('SEK', '0.1')])).toMatchObject({ ok: true, rate: { set_by: 'olga@example.com' } });
});

it('rates that NATS does not take are named beside those it took, and can be set again', async () => {
  before = async (currency) => {
    if (currency === 'DKK') {
      await expect.poll(() => stored('NOK'), { timeout: 20_000 }).toBeDefined();
      throw new Error('the server went away');
    }
  };
  const rows = [entry('NOK', '0.09'), entry('DKK', '0.14')];
  expect(await set(rows)).toMatchObject({
    ok: false,
    error: { code: 'unavailable', fields: [{ path: '/entries/1/rate', message: expect.any(String) as string }] },
    rates_set: ['NOK 2026-03-01'],
  });
  expect(await lastAct()).toMatchObject({ outcome: 'unavailable', detail: { set: '1' } });
  before = () => Promise.resolve();
  expect(await set(rows)).toMatchObject({ ok: true, message: '1 rate is set; 1 was there already.' });
});
