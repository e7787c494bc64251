import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import { presentCaseList } from '#app/presenters/case-list.ts';
import { createConsole, type Console } from '#app/server/console.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Role } from '#contracts/v1/permissions.ts';
import { storedRate } from '#contracts/v1/rate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { openUsers } from '#platform/users.ts';
import { caseState } from '#tests/support/cases.ts';
import { type CliEstate, startCliEstate } from '#tests/support/cli-estate.ts';
import { type TestClickHouse, startClickHouse } from '#tests/support/clickhouse.ts';
import { commandOf } from '#tests/support/commands.ts';
import { consoleBundle } from '#tests/support/console.ts';
import { orderDraft } from '#tests/support/engine.ts';

const password = 'a long enough password';
const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
const fin = { id: 'fin@example.com', roles: ['finance' as const] };
const viewer: Viewer = { id: 'v', email: 'vera@example.com', name: 'Vera', roles: ['viewer'] };
const olga = { id: 'olga@example.com', roles: ['operations' as const] };

let cli: CliEstate;
let clickhouse: TestClickHouse;
let app: Console;
let url: string;
let cookies: Record<'finance' | 'operations' | 'viewer', string>;

/** Hundredths of three orders that stopped at the same time. */
const money = { '#9001': [10_000, 'USD'], '#9002': [8_000, 'GBP'], '#9003': [9_300, 'EUR'] } as const;
const beginning = { EUR: '1', USD: '0.9', GBP: '1.2' };

const stopped = (number: keyof typeof money, n: number): CaseState => ({
  ...{ v: 1, case_id: `rates-${n}`, status: 'open', revision: 1, flow: 'order_to_cash', key: `shopify-us==${n}` },
  ...{ trace_id: 'a'.repeat(32), business_key: number, step: 'validate', system: '', channel: 'shopify-us' },
  ...{ legal_entity: 'northwind-us', fingerprint: 'cause1', deadline: '2026-03-01T12:00:00.000Z', origin: 'live' },
  problems: [{ error_class: 'validation', error_code: 'x', path: '/x', document: 'received', message: 'is wrong' }],
  ...{ amount: (money[number][0] / 100).toFixed(2), currency: money[number][1], assignee: '', payload_version: 1 },
  ...{ tags: [], failed_ordinal: 3, times_failed: 1, closed_at: '', outcome: '' },
  ...{ opened_at: '2026-03-01T11:00:00.000Z', updated_at: '2026-03-01T11:00:00.000Z' },
});

beforeAll(async () => {
  cli = await startCliEstate({
    estate: (declared) => ({
      ...{ ...declared, reporting_currency: 'EUR', rates: beginning },
      policies: { ...declared.policies, second_person_above: '100.00' },
    }),
  });
  clickhouse = await startClickHouse({ readers: 2 });
  const rows = Object.keys(money).map((number, n) => {
    const state = JSON.stringify(stopped(number as keyof typeof money, n));
    const event = {
      event_id: `rates-${n}:1`,
      type: 'opened',
      at: '2026-03-01 11:00:00.000',
      actor: '',
      writer: 'test',
    };
    return JSON.stringify({ ...event, state, stream_seq: n + 1, shard: 0 });
  });
  await clickhouse.clickhouse.insertRaw('cases_landing', Buffer.from(rows.join('\n')));
  const { nc, estate } = cli.estate;
  app = await createConsole({
    ...{ nats: nc, clickhouse: clickhouse.clickhouse, estate, log: silentLog },
    metrics: createMetrics('test', { defaults: false }),
    bundle: await consoleBundle(),
  });
  url = `http://127.0.0.1:${await app.listen(0)}`;
  const users = await openUsers(nc);
  const signIn = async (email: string, role: Role) => {
    await users.create({ email, name: email, roles: [role], password });
    const response = await post('/sign-in', { email, password }, '');
    return response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  };
  cookies = {
    finance: await signIn(fin.id, 'finance'),
    operations: await signIn(olga.id, 'operations'),
    viewer: await signIn('vera@example.com', 'viewer'),
  };
}, 120_000);
afterAll(async () => {
  await app.close();
  await clickhouse.close();
  await cli.close();
});

const get = (path: string, cookie = cookies.finance) => fetch(url + path, { headers: { cookie } });
const page = async (path: string, cookie = cookies.finance): Promise<string> =>
  (await (await get(path, cookie)).text()).replaceAll('<!-- -->', '');
const post = (path: string, form: Record<string, string>, cookie = cookies.finance) =>
  fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  });
const setInConsole = async (form: Record<string, string>): Promise<string> =>
  (await post('/rates.data?index', { version: '0', reason: '', ...form })).text();

/** What the three come to, in whole euros, worked out in hundredths; and their numbers, most money first. */
function recounted(rates: Record<string, string>): { atRisk: string; order: string[] } {
  const worth = Object.entries(money).map(([number, [cents, currency]]) => ({
    number,
    cents: (cents * Math.round(Number(rates[currency]) * 10_000)) / 10_000,
  }));
  const sum = worth.reduce((total, { cents }) => total + cents, 0);
  return {
    atRisk: `${Math.round(sum / 100)} EUR at risk`,
    order: worth.toSorted((a, b) => b.cents - a.cents).map(({ number }) => number),
  };
}

/** The same as Live and the inbox show it. */
async function shown(): Promise<{ atRisk: string; order: string[] }> {
  const context = { ...app.services, cspNonce: '', viewer, sessionEnded: false, clientAddress: '' };
  const [live, inbox] = [await page('/'), await presentCaseList(context, viewer, new URLSearchParams())];
  expect(inbox.items).toHaveLength(3);
  return { atRisk: /[\d,]+ EUR at risk/.exec(live)?.[0] ?? '', order: inbox.items.map(({ number }) => number) };
}

const stored = async (currency: string, on: string) =>
  (await getJson(await openBucket(cli.estate.nc, buckets.rates), `EUR.${currency}.${on}`, storedRate))?.value;

describe('the rates that sums over currencies are worked out by', () => {
  it('are the estate file’s until somebody sets others', async () => {
    expect(await shown()).toEqual(recounted(beginning));
    const rates = await page('/rates');
    expect(rates).toContain('from the estate file');
    expect(await page('/')).toContain('USD 0.9 of the estate file');
  });

  it('change value at risk and the order of the inbox once one is set for today, without a restart', async () => {
    expect(await setInConsole({ day: day(0), currency: 'usd', rate: '1.0125' })).toContain('One USD is 1.0125 EUR');
    const now = recounted({ ...beginning, USD: '1.0125' });
    expect(now).not.toEqual(recounted(beginning));
    expect(now.order[0]).toBe('#9001');
    expect(await shown()).toEqual(now);
    expect(await page('/')).toContain('Rates to EUR: USD 1.0125 of ');
  });

  it('change nothing where one is set for tomorrow', async () => {
    await commandOf(cli.estate.nc, 'rates.set', {
      actor: fin,
      entries: [{ day: day(1), currency: 'USD', rate: '5' }],
    });
    await expect.poll(() => page('/rates'), { timeout: 20_000 }).toContain('to come');
    expect(await shown()).toEqual(recounted({ ...beginning, USD: '1.0125' }));
  });

  it('follow what another process set, and a correction keeps what it was before', async () => {
    const entry = { day: day(0), currency: 'USD', rate: '0.5' };
    const refused = await requestCommand(cli.estate.nc, 'rates.set', { actor: fin, entries: [entry] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await commandOf(cli.estate.nc, 'rates.set', { actor: fin, entries: [entry], reason: 'mistyped' });
    await expect.poll(shown, { timeout: 20_000 }).toEqual(recounted({ ...beginning, USD: '0.5' }));
    expect(await stored('USD', entry.day)).toMatchObject({
      ...{ ...entry, version: 2, set_by: fin.id, reason: 'mistyped' },
      former: [{ rate: '1.0125', set_by: fin.id, reason: '' }],
    });
    // Who saw the first version does not overwrite the second.
    const late = await setInConsole({ ...entry, rate: '0.7', version: '1', reason: 'late' });
    expect(late).toContain('Look at it, and correct that one.');
    expect((await stored('USD', entry.day))?.rate).toBe('0.5');
  });

  it('decide in the engine, too, what one person may send', async () => {
    const replay = async (id: number) => {
      const draft = orderDraft(cli.estate.simulator, { id });
      const lines = draft.lines.map((line) => ({
        ...line,
        taxes: line.taxes.map((tax) => ({ ...tax, title: 'Wharf levy' })),
      }));
      const key = await cli.estate.placeOrder({ ...draft, lines });
      const last = (await cli.estate.until(key, ({ status }: StepEvent) => status === 'quarantined')).at(-1);
      const { case_id, revision } = await caseState(cli.estate, last?.case_id ?? '');
      const reply = await commandOf(cli.estate.nc, 'case.replay', { actor: olga, case_id, revision });
      return reply.case?.status;
    };
    expect(await replay(96_001)).toBe('replaying');
    await commandOf(cli.estate.nc, 'rates.set', {
      actor: fin,
      entries: [{ day: day(0), currency: 'USD', rate: '2.5' }],
      reason: 'a test of the limit',
    });
    expect(await replay(96_002)).toBe('awaiting_approval');
  });

  it('are seen by everybody and set by finance and administrators alone', async () => {
    const form = { day: day(-9), currency: 'GBP', rate: '1.1', version: '0', reason: '' };
    for (const cookie of [cookies.viewer, cookies.operations]) {
      expect(await page('/rates', cookie)).not.toContain('Set a rate');
      expect((await get('/rates/export.csv', cookie)).status).toBe(200);
      expect((await post('/rates?index', form, cookie)).status).toBe(403);
    }
    expect(await page('/rates')).toContain('Set a rate');
    const asked = { entries: [{ day: day(-9), currency: 'GBP', rate: '1.1' }] };
    const refused = await requestCommand(cli.estate.nc, 'rates.set', { actor: olga, ...asked });
    expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await stored('GBP', day(-9))).toBeUndefined();
  });

  it('are refused with the field and the remedy', async () => {
    expect(await setInConsole({ day: '', currency: 'GB', rate: '1,2' })).toMatch(
      /Choose the day[^]*three letters[^]*a number above zero/,
    );
    expect(await setInConsole({ day: day(0), currency: 'EUR', rate: '1' })).toContain('it is always 1');
    expect(await setInConsole({ day: '2062-01-01', currency: 'GBP', rate: '1' })).toContain('check the year');
  });

  it('are in the audit trail, each with who, what and what came of it', async () => {
    const audit = await openAudit(cli.estate.nc, silentLog);
    const acts = async () =>
      (await audit.latest(500))
        .filter(({ action }) => action === 'rates.set')
        .map(({ object_kind, object_id, outcome, detail }) => ({ object_kind, object_id, outcome, detail }));
    const detail = { rates: '1', from: day(0), until: day(0) };
    await expect
      .poll(acts, { timeout: 20_000 })
      .toContainEqual({ object_kind: 'rate', object_id: 'USD', outcome: 'done', detail });
    const refused = { rates: '1', from: day(-9), until: day(-9) };
    expect(await acts()).toContainEqual({
      ...{ object_kind: 'rate', object_id: 'GBP', outcome: 'forbidden', detail: refused },
    });
  });
});

describe('syncline rates', () => {
  const file = (rows: readonly string[]) => cli.fileOf('rates.csv', ['day,currency,rate', ...rows].join('\n'));

  it('imports a file, and repeated without effect', async () => {
    const path = await file(['2026-01-05,JPY,0.0061728395', '2026-01-06,JPY,0.0062', '2026-01-05,GBP,1.15']);
    expect(await cli.done('rates', 'import', path)).toContain('3 rates are set.');
    expect(await cli.done('rates', 'import', path)).toContain('0 rates are set; 3 were there already.');
    expect(await stored('JPY', '2026-01-05')).toMatchObject({ rate: '0.0061728395', version: 1 });
    const csv = await page('/rates/export.csv?currency=JPY');
    expect(csv.split('\r\n')[2]).toContain('2026-01-05,JPY,0.0061728395,replaced,cli:');
    expect(await cli.done('rates', 'list')).toContain('Imported from rates.csv.');
  });

  it('writes nothing where a row is wrong, and names its line', async () => {
    const shape = await cli.syncline('rates', 'import', await file(['2026-02-02,GBP,1.16', '2026-02-31,GBP,1.16']));
    expect(shape).toMatchObject({ code: 1 });
    expect(shape.stderr).toContain('line 3: day: expected a day');
    const sense = await cli.syncline('rates', 'import', await file(['2026-02-02,GBP,1.16', '2026-02-02,EUR,1']));
    expect(sense).toMatchObject({ code: 1 });
    expect(sense.stderr).toContain('line 3: EUR is the reporting currency');
    expect(await stored('GBP', '2026-02-02')).toBeUndefined();
  });

  it('corrects what somebody set only where a reason is given', async () => {
    const stands = { day: '2026-01-07', currency: 'GBP' };
    await commandOf(cli.estate.nc, 'rates.set', { actor: fin, entries: [{ ...stands, rate: '1.15' }] });
    await commandOf(cli.estate.nc, 'rates.set', { actor: fin, entries: [{ ...stands, rate: '1.16' }], reason: 'typo' });
    const path = await file(['2026-01-08,GBP,1.14', '2026-01-07,GBP,1.15']);
    const refused = await cli.syncline('rates', 'import', path);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(`line 3: GBP has the rate 1.16 from 2026-01-07 on, set by ${fin.id}.`);
    expect(refused.stderr).toContain('--reason');
    expect(await stored('GBP', stands.day)).toMatchObject({ rate: '1.16', version: 2 });
    expect(await stored('GBP', '2026-01-08')).toBeUndefined();
    expect(await cli.done('rates', 'import', path, '--reason', 'the bank was right')).toContain('2 rates are set.');
    expect(await stored('GBP', stands.day)).toMatchObject({ rate: '1.15', version: 3, reason: 'the bank was right' });
  });

  it('sets one, and refuses one that is no rate', async () => {
    expect(await cli.done('rates', 'set', '2026-02-03', 'GBP', '1.17')).toContain('One GBP is 1.17 EUR');
    expect((await cli.syncline('rates', 'set', '2026-02-04', 'GBP', '0')).stderr).toContain('rate: expected a rate');
  });
});

describe('a stored rate', () => {
  const bucket = () => openBucket(cli.estate.nc, buckets.rates);

  it('that cannot be read is named on the page, in the list and where it is to be set', async () => {
    const key = 'EUR.CHF.2026-01-09';
    await (await bucket()).put(key, 'no rate');
    await expect.poll(() => page('/rates'), { timeout: 20_000 }).toContain(key);
    expect((await cli.syncline('rates', 'list')).stderr).toContain(key);
    const entries = [{ day: '2026-01-09', currency: 'CHF', rate: '0.93' }];
    const reply = await requestCommand(cli.estate.nc, 'rates.set', { actor: fin, entries });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'conflict', fields: [{ message: expect.stringContaining(key) as string }] },
    });
    await (await bucket()).delete(key);
    await expect.poll(() => page('/rates'), { timeout: 20_000 }).not.toContain(key);
  });

  it('to another reporting currency counts for nothing', async () => {
    const before = await shown();
    const other = {
      ...(await stored('USD', day(0))),
      reporting_currency: 'USD',
      currency: 'GBP',
      day: day(0),
      rate: '9',
    };
    await (await bucket()).put(`USD.GBP.${day(0)}`, JSON.stringify(storedRate.parse(other)));
    // Once the next one is seen, this one was.
    await commandOf(cli.estate.nc, 'rates.set', { actor: fin, entries: [{ day: day(2), currency: 'GBP', rate: '3' }] });
    await expect.poll(() => page('/rates'), { timeout: 20_000 }).toContain(day(2));
    expect(await shown()).toEqual(before);
  });
});
