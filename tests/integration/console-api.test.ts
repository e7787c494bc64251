import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#contracts/v1/commands.ts';
import { type Problem, workScope } from '#contracts/v1/channel-api.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import { operations } from '#app/api/operations.ts';
import { readCaseFilter } from '#app/cases/filters.ts';
import { caseCount } from '#app/queries/case-figures.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { dayOf, ratesOn } from '#platform/rates.ts';
import { caseState } from '#tests/support/cases.ts';
import { commandOf } from '#tests/support/commands.ts';
import { type ConsoleApi, startConsoleApi } from '#tests/support/console-api.ts';
import type { LandedEstate } from '#tests/support/landed-estate.ts';

const sam: Actor = { id: 'sam@syncline.example', roles: ['support'] };
let api: ConsoleApi;
let landed: LandedEstate;

beforeAll(async () => {
  api = await startConsoleApi({
    reader: { scopes: ['cases.read', 'payloads.read'] },
    worker: { scopes: ['cases.read', 'cases.work', 'cases.replay', 'cases.discard', 'payloads.read'] },
    revealer: { scopes: ['cases.read', 'payloads.read', 'personal_data.read'] },
    everything: { scopes: workScope.options },
    channel: { scopes: ['orders.read'] },
    hasty: { scopes: ['cases.read'], quotaPerMinute: 2 },
    disabled: { scopes: ['cases.read'], disabled: true },
  });
  landed = api.landed;
}, 90_000);

afterAll(() => api.close());

const ask: ConsoleApi['ask'] = (...request) => api.ask(...request);
const got = <T>(client: string, path: string, body?: unknown): Promise<T> => api.got<T>(client, path, body);
const refused: ConsoleApi['refused'] = (...request) => api.refused(...request);
const stopped: ConsoleApi['stopped'] = (...order) => api.stopped(...order);
const acts = () => api.acts();
const sample = (path: string) => path.replace('/api/v1', '').replace(':id', 'abcdef01');
const bodyOf = (method: string, body: unknown) => (method === 'POST' ? (body ?? {}) : undefined);

describe('keys', () => {
  it('every operation wants a key that is there, right and not disabled', async () => {
    for (const { method, path } of operations)
      for (const client of [undefined, 'nobody.secret', `worker.${'x'.repeat(43)}`, 'disabled'])
        if (path === '/api/v1/cases' || client === undefined)
          expect((await refused(client, sample(path), 401, bodyOf(method, {}))).type).toBe(
            'urn:syncline:problem:unauthorised',
          );
  });

  it('every operation wants its scope, names it, and every refusal is audited', async () => {
    for (const { method, path, scope } of operations) {
      const problem = await refused('channel', sample(path), 403, bodyOf(method, {}));
      expect(problem.detail).toContain(`"${scope}"`);
    }
    const audited = (await acts()).filter(({ action, actor }) => action === 'refused' && actor === 'api:channel');
    expect(audited).toHaveLength(operations.length);
    expect(new Set(audited.map((act) => act.object_id))).toEqual(new Set(operations.map(({ scope }) => scope)));
    expect((await acts()).some(({ action, actor }) => action === 'refused' && actor === '')).toBe(true);
  });

  it('a quota is kept by the minute, and the answer says when to come back', async () => {
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask('hasty', '/cases'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const audited = (await acts()).filter(({ actor, outcome }) => actor === 'api:hasty' && outcome === 'refused');
    expect(audited).toHaveLength(1);
  });

  it('takes no cookie for a key, sets none, and lets no other origin read', async () => {
    const answer = await ask(undefined, '/cases', undefined, { cookie: 'session=abc', origin: 'https://evil.example' });
    expect(answer.status).toBe(401);
    const allowed = await ask('reader', '/cases', undefined, { origin: 'https://evil.example' });
    expect(allowed.headers.get('set-cookie')).toBeNull();
    expect(allowed.headers.get('access-control-allow-origin')).toBeNull();
    expect(allowed.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the document', () => {
  it('is served without a key, and every operation in it answers', async () => {
    const document = (await (await ask(undefined, '/openapi.json')).json()) as { paths: Record<string, object> };
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods)) {
        const body = method === 'post' ? {} : undefined;
        const answer = await ask('everything', path.replace('/api/v1', '').replace('{id}', 'abcdef01'), body);
        expect([200, 404, 409, 422, 503], `${method} ${path}`).toContain(answer.status);
        if (answer.status === 404)
          expect(((await answer.json()) as Problem).detail, path).not.toContain('this address');
      }
  });

  it('says what is wrong with a request, and where', async () => {
    expect(await refused('reader', '/cases?colour=red&sort=luck', 422)).toMatchObject({
      errors: [{ path: 'colour' }, { path: 'sort' }],
    });
    expect(await refused('reader', '/cases?system=nowhere', 422)).toMatchObject({ errors: [{ path: 'system' }] });
    expect(await refused('worker', '/cases/c-1/comment', 422, { revision: 0, remark: 'x' })).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ path: '/note' })]) as unknown,
    });
    expect((await refused('worker', '/cases/c-1/comment', 400, '{"note": ')).detail).toContain('line 1');
    expect((await refused('reader', '/cases/c-1', 404)).detail).toContain('c-1');
    expect((await refused('reader', '/nothing', 404)).detail).toContain('openapi.json');
  });
});

describe('cases', () => {
  it('a list is the inbox: its filters, its order, its figures', async () => {
    const { id } = await stopped();
    await stopped();
    const figures = async (search: string) => {
      const { estate } = landed.estate;
      const rates = ratesOn(dayOf(new Date()), estate, []);
      const filter = readCaseFilter(new URLSearchParams(search), estate, rates, 'api:reader', {
        muted: [],
        held: [],
      });
      const now = new Date().toISOString();
      return (await runQuery(landed.store.clickhouse, caseCount, { ...filter, now }))[0];
    };
    for (const search of [
      '',
      'class=mapping',
      'status=assigned',
      'state=all&step=validate',
      'assignee=nobody',
      `q=${id}`,
    ]) {
      const list = await got<{ cases: { case_id: string }[]; total: number; groups: number; value: string }>(
        'reader',
        `/cases?${search}`,
      );
      const inbox = await figures(search);
      expect({ total: list.total, groups: list.groups, value: list.value }, search).toEqual({
        total: inbox?.cases,
        groups: inbox?.groups,
        value: inbox?.value,
      });
      expect(list.cases).toHaveLength(Math.min(50, list.total));
    }
    const [first, second] = await Promise.all(
      [1, 2].map((page) =>
        got<{ cases: { case_id: string }[] }>('reader', `/cases?sort=-opened&per_page=1&page=${page}`),
      ),
    );
    expect(first?.cases).toHaveLength(1);
    expect(first?.cases).not.toEqual(second?.cases);
  });

  it('the count of a cause is the length of its list', async () => {
    await stopped();
    const { causes, total, groups } = await got<{
      causes: { fingerprint: string; cases: number; trend: string }[];
      total: number;
      groups: number;
    }>('reader', '/causes');
    expect(causes).toHaveLength(groups);
    expect(causes.reduce((sum, cause) => sum + cause.cases, 0)).toBe(total);
    for (const { fingerprint, cases } of causes)
      expect(await got('reader', `/cases?group=${fingerprint}`)).toMatchObject({ total: cases });
  });

  it('a cause is owned, held and muted; its cases are out of sight then, but not lost', async () => {
    const { id } = await stopped();
    const { fingerprint } = await caseState(landed.estate, id);
    const change = (revision: number, changed: object) =>
      got<{ cause: { revision: number } }>('worker', `/causes/${fingerprint}/change`, { revision, change: changed });
    expect((await change(0, { kind: 'own', owner: 'ines@syncline.example' })).cause.revision).toBe(1);
    await refused('worker', `/causes/${fingerprint}/change`, 409, { revision: 0, change: { kind: 'release' } });
    const mute = {
      kind: 'mute',
      reason: 'Known',
      until: { kind: 'date', at: new Date(Date.now() + 86_400_000).toISOString() },
    };
    await change(1, mute);
    const total = async (search: string) => (await got<{ total: number }>('reader', `/cases?${search}`)).total;
    await expect.poll(() => total('muted=only')).toBeGreaterThan(0);
    expect(await total(`q=${id}`)).toBe(0);
    expect(await total(`q=${id}&muted=show`)).toBe(1);
    expect(await got('reader', `/causes?muted=only`)).toMatchObject({
      causes: [{ fingerprint, muted: true, decided: { owner: 'ines@syncline.example', revision: 2 } }],
    });
    await change(2, { kind: 'unmute' });
    await expect.poll(() => total('muted=only')).toBe(0);
  });

  it('a payload is masked without the scope, and each reveal is audited', async () => {
    const { id } = await stopped();
    const masked = await got<{ payload: string; hidden: number }>('reader', `/cases/${id}/payload`);
    const revealed = await got<{ payload: string; hidden: number }>('revealer', `/cases/${id}/payload?version=1`);
    expect(masked.hidden).toBeGreaterThan(0);
    expect(masked.payload).toContain('‹hidden 1›');
    expect(revealed.hidden).toBe(0);
    const email = (JSON.parse(revealed.payload) as { email: string }).email;
    expect(email).toContain('@');
    expect(masked.payload).not.toContain(email);
    const seen = (await acts()).filter((act) => act.object_id === id).map(({ action, actor }) => `${actor} ${action}`);
    expect(seen).toContain('api:revealer revealed');
    expect(seen).toContain('api:reader viewed');
    expect(seen).not.toContain('api:reader revealed');
  });

  it('who may read may not work', async () => {
    const { id } = await stopped();
    const before = await caseState(landed.estate, id);
    await refused('reader', `/cases/${id}/comment`, 403, { revision: before.revision, note: 'Hello' });
    await refused('worker', `/cases/${id}/approve`, 403, { revision: before.revision });
    expect((await caseState(landed.estate, id)).revision).toBe(before.revision);
  });

  it('is worked on, each change on the revision it was decided on, and told by its timeline and the audit', async () => {
    const { id } = await stopped();
    let { revision } = await caseState(landed.estate, id);
    const work = async (verb: string, body: object) => {
      const done = await got<{ case: CaseState }>('worker', `/cases/${id}/${verb}`, { revision, ...body });
      revision = done.case.revision;
      return done.case;
    };
    expect((await work('assign', { assignee: 'ines@syncline.example' })).assignee).toBe('ines@syncline.example');
    await work('comment', { note: 'Asked the ERP team.' });
    expect((await work('tag', { add: ['vat'] })).tags).toEqual(['vat']);
    expect((await work('hold', { note: 'Until they answer' })).status).toBe('on_hold');
    expect((await work('release', {})).status).toBe('assigned');
    const conflict = await refused('worker', `/cases/${id}/comment`, 409, { revision: 1, note: 'Too late' });
    expect(conflict.type).toBe('urn:syncline:problem:conflict');
    expect((await work('discard', { reason: 'A test order' })).status).toBe('discarded');
    expect((await work('restore', {})).status).toBe('open');
    const { timeline } = await got<{ timeline: { type: string; actor: string }[] }>('reader', `/cases/${id}`);
    expect(timeline.map(({ type }) => type)).toEqual([
      ...['opened', 'assigned', 'commented', 'tagged', 'held', 'released', 'discarded', 'restored'],
    ]);
    expect(new Set(timeline.slice(1).map(({ actor }) => actor))).toEqual(new Set(['api:worker']));
    await expect
      .poll(async () =>
        (await acts()).filter((act) => act.object_id === id && act.actor === 'api:worker').map((act) => act.action),
      )
      .toContain('case.restore');
  });

  it('is tried, corrected in masked form, and replayed to its end', async () => {
    const { id, key, levy } = await stopped();
    const tried = await got<{ dry_run: { ok: boolean } }>('worker', `/cases/${id}/dry-run`, {});
    expect(tried.dry_run.ok).toBe(false);
    const masked = await got<{ payload: string; revision: number }>('worker', `/cases/${id}/payload`);
    const payload = masked.payload.replace('"note": null', '"note": "Corrected"');
    const fixed = await got<{ case: CaseState }>('worker', `/cases/${id}/fix`, {
      revision: masked.revision,
      payload,
      reason: 'A note was missing',
    });
    expect(fixed.case).toMatchObject({ payload_version: 2, fixed_by: 'api:worker' });
    const kept = await got<{ payload: string; version: number }>('revealer', `/cases/${id}/payload`);
    expect(kept.version).toBe(2);
    expect(kept.payload).not.toContain('‹hidden');
    const mapping = { kind: 'tax_code', system: 'netsuite', code: levy, target: 'TAX-US' } as const;
    const dryRun = await got<{ dry_run: { calls: { body: string }[] } }>('worker', `/cases/${id}/dry-run`, {
      mappings: [mapping],
    });
    const email = (JSON.parse(kept.payload) as { email: string }).email;
    expect(dryRun.dry_run.calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(dryRun)).not.toContain(email);
    await commandOf(landed.estate.nc, 'mapping.put', { ...mapping, actor: sam, reason: 'They told us', case_id: id });
    const { revision } = await caseState(landed.estate, id);
    await got('worker', `/cases/${id}/replay`, { revision, note: 'Mapped now' });
    await landed.estate.until(key, ({ step, status }) => step === 'validate' && status === 'completed');
    await expect.poll(async () => (await caseState(landed.estate, id)).status).toBe('resolved');
  });
});
