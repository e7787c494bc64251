import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import type { Viewer } from '#app/auth/viewer.ts';
import { readCausesNow } from '#app/presenters/causes-now.ts';
import { exportCases } from '#app/cases/export.ts';
import { presentCase } from '#app/presenters/case-page.ts';
import { presentCaseList } from '#app/presenters/case-list.ts';
import { presentCause } from '#app/presenters/cause-page.ts';
import { presentFrame } from '#app/presenters/frame.ts';
import { presentLive } from '#app/presenters/live.ts';
import { action as changeCause, loader as causeLoader } from '#app/routes/_console.quarantine.causes.$fingerprint.tsx';
import { loader as selectionLoader } from '#app/routes/quarantine.selection.ts';
import { type Console, createConsole } from '#app/server/console.ts';
import type { AppContext } from '#app/server/context.ts';
import { readTimeRange } from '#app/time-range.ts';
import type { CauseResult } from '#app/commands/cause.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { followCauses } from '#platform/causes.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { openUsers } from '#platform/users.ts';
import { commandOf } from '../support/commands.ts';
import { consoleRoutes } from '../support/console.ts';
import { orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { runUntil } from '../support/repair-runs.ts';

let landed: LandedEstate;
let app: Console;
/** Fingerprints by the tax nobody has mapped. */
const causes: Record<'levy' | 'duty', string> = { levy: '', duty: '' };

const olga: Viewer = { id: 'u1', email: 'olga@example.com', name: 'Olga', roles: ['operations'] };
const sam: Viewer = { id: 'u2', email: 'sam@example.com', name: 'Sam', roles: ['support'] };
const vera: Viewer = { id: 'u3', email: 'vera@example.com', name: 'Vera', roles: ['viewer'] };

beforeAll(async () => {
  landed = await startLandedEstate();
  const { estate, store } = landed;
  app = await createConsole({
    nats: estate.nc,
    clickhouse: store.clickhouse,
    estate: estate.estate,
    log: silentLog,
    metrics: createMetrics('test', { defaults: false }),
    bundle: { build: await consoleRoutes(), assets: 'public' },
  });
  const users = await openUsers(estate.nc);
  const password = 'a long enough password';
  await users.create({ email: sam.email, name: sam.name, roles: ['support'], password });
  await users.create({ email: vera.email, name: vera.name, roles: ['viewer'], password });
  for (const id of [9_601, 9_602, 9_603]) causes.levy = await stop(id, 'Levy');
  for (const id of [9_611, 9_612]) causes.duty = await stop(id, 'Duty');
  await untilCases(5);
}, 180_000);
afterAll(async () => {
  await app.close();
  await landed.close();
}, 60_000);

/** Places an order with a tax that nobody has mapped. @returns the fingerprint of what stops it */
async function stop(id: number, tax: string): Promise<string> {
  const { estate } = landed;
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({ ...line, taxes: [{ title: tax, ratePpm: 10_000, cents: 20 }] }));
  const key = await estate.placeOrder({ ...draft, lines });
  const caseId = (await estate.until(key, ({ status }) => status === 'quarantined')).at(-1)?.case_id ?? '';
  await untilLanded(`SELECT count() AS n FROM cases WHERE case_id = '${caseId}'`, 1);
  const [row] = await landed.store.clickhouse.query(`SELECT fingerprint FROM cases WHERE case_id = '${caseId}'`);
  return String(row?.['fingerprint']);
}

const untilCases = (count: number) => untilLanded('SELECT count() AS n FROM cases', count);

/** Resolves once a count is reached, told by ingest's own nudges. */
async function untilLanded(sql: string, count: number): Promise<void> {
  const nudges = landed.estate.nc.subscribe(subjects.nudge);
  await landed.estate.nc.flush();
  const there = async () => Number((await landed.store.clickhouse.query(sql))[0]?.['n']) >= count;
  if (!(await there())) for await (const _nudge of nudges) if (await there()) break;
  nudges.unsubscribe();
}

/** What a route gets; every question is asked anew, as it would be a second later. */
const contextOf = (viewer: Viewer | null): AppContext => ({
  ...app.services,
  read: (query, params) => runQuery(landed.store.clickhouse, query, params),
  cspNonce: '',
  viewer,
  sessionEnded: false,
  clientAddress: '192.0.2.1',
});

const listOf = (search = '', viewer = olga) => presentCaseList(contextOf(viewer), viewer, new URLSearchParams(search));

function change(fingerprint: string, fields: Record<string, string>, viewer: Viewer | null = olga, revision?: number) {
  const form = new FormData();
  const known = app.services.causes.get(fingerprint)?.revision ?? 0;
  for (const [name, value] of Object.entries({ revision: String(revision ?? known), ...fields })) form.set(name, value);
  const request = new Request(`http://console/quarantine/causes/${fingerprint}`, { method: 'POST', body: form });
  const args = { request, params: { fingerprint }, context: contextOf(viewer) } as unknown as ActionFunctionArgs;
  return changeCause(args);
}
const done = async (...args: Parameters<typeof change>) => {
  const result = await change(...args);
  expect(result, result.message).toMatchObject({ ok: true });
  return result;
};

/** Every count that the page gives is that of the list behind it, and shown and muted are all there are. */
async function expectCountsToBeLists(search = ''): Promise<void> {
  const grouped = await listOf(`by=cause${search}`);
  const list = await listOf(search);
  expect(grouped.groups.reduce((sum, { cases }) => sum + cases, 0)).toBe(list.total);
  expect(list.items).toHaveLength(list.total);
  expect(grouped.groupTotal).toBe(grouped.groups.length);
  for (const { fingerprint, cases } of grouped.groups)
    expect((await listOf(`group=${fingerprint}${search}`)).items, fingerprint).toHaveLength(cases);
  const all = await listOf(`muted=show${search}`);
  const only = await listOf(`muted=only${search}`);
  const hidden = await listOf(`muted=hide${search}`);
  expect(hidden.total + hidden.muted.cases).toBe(all.total);
  expect(only.total).toBe(hidden.muted.cases);
  expect(only.groupTotal).toBe(hidden.muted.causes);
  const csv = await (await exportCases(contextOf(olga), new URLSearchParams(search), olga)).text();
  expect(csv.trim().split('\n')).toHaveLength(list.total + 1);
  const request = new Request(`http://console/quarantine/selection?${search}`);
  const selected = await selectionLoader({
    request,
    params: {},
    context: contextOf(olga),
  } as unknown as LoaderFunctionArgs);
  expect(selected.cases).toHaveLength(list.total);
}

const ON_HOLD = 'waiting for the tax office';

describe('a cause', () => {
  test('has an owner, a note and a runbook, each of which somebody decided', async () => {
    await done(causes.levy, { intent: 'own', owner: olga.email });
    await done(causes.levy, { intent: 'note', note: 'Asked the tax office.' });
    await done(causes.levy, { intent: 'runbook', runbook_url: 'https://wiki.example.com/levy' });
    const view = await presentCause(contextOf(sam), sam, causes.levy);
    expect(view).toMatchObject({ open: 3, ever: 3, unassigned: 3, trend: 'new', mayWork: true });
    expect(view.standing).toMatchObject({
      revision: 3,
      owner: olga.email,
      note: 'Asked the tax office.',
      runbookUrl: 'https://wiki.example.com/levy',
      updatedBy: olga.email,
    });
    expect(view.urgent).toHaveLength(3);
    const other = await followCauses(landed.estate.nc, silentLog);
    await other.ready;
    expect(other.get(causes.levy)).toEqual(app.services.causes.get(causes.levy));
    other.stop();
    await expectCountsToBeLists();
  });

  test('is owned by colleagues who can work on it, and by nobody else', async () => {
    expect(await change(causes.levy, { intent: 'own', owner: 'typo@example.com' })).toMatchObject({
      ok: false,
      message: 'Nobody signs in as typo@example.com. Check the address.',
    });
    expect(await change(causes.levy, { intent: 'own', owner: vera.email })).toMatchObject({
      ok: false,
      message: 'Vera may not work on cases.',
    });
    await done(causes.levy, { intent: 'own', owner: ' Sam@Example.com ' });
    expect(app.services.causes.get(causes.levy)?.owner).toBe(sam.email);
  });

  test('is changed by one at a time: the second is told who was first, and with what', async () => {
    const revision = app.services.causes.get(causes.levy)?.revision ?? 0;
    const [first, second] = await Promise.all([
      change(causes.levy, { intent: 'note', note: 'Mine.' }, olga, revision),
      change(causes.levy, { intent: 'note', note: 'No, mine.' }, sam, revision),
    ]);
    expect([first.ok, second.ok].filter(Boolean)).toHaveLength(1);
    const [won, lost] = first.ok ? [olga, second] : [sam, first];
    expect(lost).toMatchObject({ second: true });
    expect(lost.message).toContain(`${won.email} changed the note on this cause before you.`);
    const state = app.services.causes.get(causes.levy);
    expect(state).toMatchObject({ revision: revision + 1, note: won === olga ? 'Mine.' : 'No, mine.' });
  });

  test('refuses what makes no sense, and says why', async () => {
    const refused = async (fields: Record<string, string>) => {
      const result: CauseResult = await change(causes.duty, fields);
      expect(result.ok, JSON.stringify(fields)).toBe(false);
      return result.message;
    };
    expect(await refused({ intent: 'unmute' })).toBe('This cause is not muted.');
    expect(await refused({ intent: 'release' })).toBe('This cause is not on hold.');
    expect(await refused({ intent: 'hold', reason: '  ' })).toContain('Give a reason');
    expect(await refused({ intent: 'runbook', runbook_url: 'javascript:alert(1)' })).toContain('https://');
    expect(await refused({ intent: 'note', note: '' })).toBe('The note says this already.');
    const mute = (more: Record<string, string>) => refused({ intent: 'mute', reason: 'known', ...more });
    expect(await mute({ until: 'date', at: '2020-01-01T00:00:00.000Z' })).toContain('has passed already');
    expect(await mute({ until: 'date', at: '2999-01-01T00:00:00.000Z' })).toContain('a year at most');
    expect(await mute({ until: 'date', at: 'tomorrow' })).toContain('say until when');
    expect(await mute({ until: 'count', cases: '0' })).toContain('say until when');
    expect(await mute({ until: 'never' })).toContain('say until when');
    expect(app.services.causes.get(causes.duty)).toBeUndefined();
    await expect(change(causes.duty, { intent: 'delete' })).rejects.toMatchObject({ status: 400 });
  });

  test('is changed by nobody without cases.work, in the console or at the engine', async () => {
    await expect(change(causes.duty, { intent: 'own', owner: vera.email }, vera)).rejects.toMatchObject({
      status: 403,
    });
    await expect(change(causes.duty, { intent: 'own', owner: '' }, null)).rejects.toMatchObject({ status: 302 });
    const reply = await requestCommand(landed.estate.nc, 'cause.change', {
      actor: { id: vera.email, roles: ['viewer', 'finance'] },
      fingerprint: causes.duty,
      revision: 0,
      change: { kind: 'own', owner: vera.email },
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect((await presentCause(contextOf(vera), vera, causes.duty)).mayWork).toBe(false);
  });

  test('that no case has is not found', async () => {
    for (const fingerprint of ['0123456789abcdef', 'no such thing'])
      await expect(presentCause(contextOf(olga), olga, fingerprint)).rejects.toMatchObject({ status: 404 });
    const request = new Request('http://console/quarantine/causes/0123456789abcdef');
    const args = { request, params: { fingerprint: '0123456789abcdef' }, context: contextOf(olga) };
    await expect(causeLoader(args as unknown as LoaderFunctionArgs)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a cause on hold', () => {
  test('can be filtered for, says so on each of its cases, and counts as before', async () => {
    await done(causes.levy, { intent: 'hold', reason: ON_HOLD });
    expect(await listOf('held=only')).toMatchObject({ total: 3 });
    expect(await listOf('held=hide')).toMatchObject({ total: 2 });
    expect(await listOf()).toMatchObject({ total: 5 });
    await expectCountsToBeLists();
    await expectCountsToBeLists('&held=only');
    const [row] = (await listOf('held=only')).items;
    const { cause } = await presentCase(contextOf(sam), sam, row?.id ?? '');
    expect(cause.hold).toMatchObject({ by: olga.email, reason: ON_HOLD });
    const again = await change(causes.levy, { intent: 'hold', reason: 'me too' }, sam);
    expect(again.message).toBe(`This cause is on hold already: ${olga.email} said “${ON_HOLD}”.`);
  });

  test('is not replayed together: the engine says who asked to wait, and why', async () => {
    const { estate } = landed;
    const actor = { id: sam.email, roles: [...sam.roles] };
    const mapping = { kind: 'tax_code' as const, system: 'netsuite', code: 'Levy', target: 'AVATAX' };
    const begun = await commandOf(estate.nc, 'repair.try', {
      actor,
      fingerprint: causes.levy,
      repair: { kind: 'mapping', mapping },
      reason: 'The tax office answered.',
    });
    const run_id = begun.run?.run_id ?? '';
    await runUntil(estate, run_id, ({ status }) => status === 'tried');
    const reply = await requestCommand(estate.nc, 'repair.start', { actor, run_id });
    expect(reply).toMatchObject({ ok: false, error: { code: 'refused', because: 'cause_on_hold' } });
    expect(reply.ok ? '' : reply.error.message).toContain(`“${ON_HOLD}” (${olga.email}).`);
    await commandOf(estate.nc, 'repair.abort', { actor, run_id, reason: 'on hold' });
  });

  test('is released again', async () => {
    await done(causes.levy, { intent: 'release' }, sam);
    expect(await listOf('held=only')).toMatchObject({ total: 0 });
  });
});

describe('a muted cause', () => {
  const mute = (fingerprint: string, until: Record<string, string>) =>
    done(fingerprint, { intent: 'mute', reason: 'known to the vendor', ...until });
  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
  const live = async () => presentLive(contextOf(olga), readTimeRange(new URLSearchParams('range=1h'), new Date()));

  test('is out of the lists with its cases, which stay counted', async () => {
    await mute(causes.levy, { until: 'date', at: inAnHour() });
    const list = await listOf();
    expect(list).toMatchObject({ total: 2, muted: { choice: 'hide', causes: 1, cases: 3 } });
    expect(list.items.every(({ fingerprint }) => fingerprint === causes.duty)).toBe(true);
    expect(await listOf('muted=show')).toMatchObject({ total: 5, muted: { choice: 'show', cases: 3 } });
    expect(await listOf('muted=only')).toMatchObject({ total: 3, groupTotal: 1 });
    // Whoever asks for this very cause sees its cases.
    expect(await listOf(`group=${causes.levy}`)).toMatchObject({ total: 3, cause: { mute: { holds: true } } });
    await expectCountsToBeLists();
    await expectCountsToBeLists('&muted=show');
    await expectCountsToBeLists('&q=levy');
  });

  test('is not in the feed of new failures, which says so, while the figure of open cases counts it', async () => {
    const { groups, mutedGroups, tiles } = await live();
    expect(groups.map(({ fingerprint }) => fingerprint)).toEqual([causes.duty]);
    expect(mutedGroups).toBe(1);
    const tile = tiles.find(({ id }) => id === 'cases');
    expect(tile).toMatchObject({ value: '5', to: '/quarantine?muted=show' });
    const frame = await presentFrame(contextOf(olga), olga, { theme: 'system', railCollapsed: false, timeZone: 'UTC' });
    expect(frame.openCases).toBe(2);
  });

  test('returns when it is unmuted, and is then not muted any more', async () => {
    await done(causes.levy, { intent: 'unmute' });
    expect(await listOf()).toMatchObject({ total: 5, muted: { causes: 0, cases: 0 } });
    expect((await live()).mutedGroups).toBe(0);
    expect((await change(causes.levy, { intent: 'unmute' })).message).toBe('This cause is not muted.');
  });

  test('until a date returns at that instant by itself, however many cases come', async () => {
    const at = inAnHour();
    await mute(causes.duty, { until: 'date', at });
    const asOf = async (instant: number) =>
      (await readCausesNow({ ...contextOf(olga), now: () => new Date(instant) })).muted;
    expect(await asOf(Date.parse(at) - 1)).toEqual([causes.duty]);
    expect(await asOf(Date.parse(at))).toEqual([]);
    await done(causes.duty, { intent: 'unmute' });
  });

  test('until two more cases stays out of sight for one and returns with the second', async () => {
    await mute(causes.duty, { until: 'count', cases: '2' });
    await mute(causes.levy, { until: 'rate', cases_per_hour: '1' });
    expect(await listOf()).toMatchObject({ total: 0, muted: { causes: 2, cases: 5 } });
    await stop(9_613, 'Duty');
    await stop(9_604, 'Levy');
    expect(await listOf()).toMatchObject({ total: 0, muted: { causes: 2, cases: 7 } });
    await expectCountsToBeLists('&muted=show');
    await stop(9_614, 'Duty');
    expect(await listOf()).toMatchObject({ total: 4, muted: { causes: 1, cases: 4 } });
    const { standing } = await presentCause(contextOf(olga), olga, causes.duty);
    expect(standing.mute).toMatchObject({ holds: false, since: { opened: 2, busiest_hour: 2 } });
    await expectCountsToBeLists();
  });

  test('until more than one case within an hour returns with the second', async () => {
    await stop(9_605, 'Levy');
    expect(await listOf()).toMatchObject({ total: 9, muted: { causes: 0, cases: 0 } });
    expect((await readCausesNow(contextOf(olga))).of(causes.levy).mute).toMatchObject({
      holds: false,
      since: { opened: 2, busiest_hour: 2 },
    });
    await expectCountsToBeLists();
  });
});

test('every change of a cause is in the audit, with what kind of change it was and not what was written', async () => {
  const audit = await openAudit(landed.estate.nc, silentLog);
  await done(causes.duty, { intent: 'note', note: 'not for the audit' });
  const of = async () =>
    (await audit.latest(500)).filter(({ action, object_id }) => action === 'cause.change' && object_id === causes.duty);
  await expect
    .poll(async () => (await of())[0])
    .toMatchObject({
      object_kind: 'cause',
      outcome: 'done',
      detail: { change: 'note' },
    });
  const acts = await of();
  expect(acts.some(({ outcome }) => outcome === 'forbidden')).toBe(true);
  expect(JSON.stringify(acts)).not.toContain('not for the audit');
});
