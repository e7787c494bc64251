import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followRepairs } from '#app/server/repairs.ts';
import type { Actor, CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { Repair } from '#contracts/v1/repair.ts';
import { shadowRun, type ShadowChange, type ShadowRun } from '#contracts/v1/shadow.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { createLeases } from '#platform/lease.ts';
import { createMetrics } from '#platform/metrics.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createEngine } from '#sync-engine/engine.ts';
import { ShadowStore } from '#sync-engine/shadow/shadow-store.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { mappedTax, orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { testSecret } from '../support/simulator.ts';

const actor: Actor = { id: 'sam@example.com', roles: ['support'] };
const isOver = (event: StepEvent) =>
  event.status === 'quarantined' || (event.step === 'settle' && event.status === 'completed');

let estate: TestEngine;
let nextId = 50_000;
const good: string[] = [];
const levied: string[] = [];
const cases: string[] = [];

beforeAll(async () => {
  estate = await startEngine();
  for (let i = 0; i < 4; i++) good.push(await place(mappedTax.title));
  for (let i = 0; i < 3; i++) levied.push(await place('Levy'));
  for (const key of [...good, ...levied]) {
    const events = await estate.until(key, isOver);
    if (levied.includes(key)) cases.push(events.at(-1)?.case_id ?? '');
  }
}, 90_000);
// The last tests end the engine themselves.
afterAll(async () => {
  await estate.simulator.close();
  await estate.nc.close();
  await estate.nats.close();
});

const give = <N extends CommandName>(name: N, request: CommandRequest<N>) => commandOf(estate.nc, name, request);

async function place(title: string): Promise<string> {
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title })) }));
  return estate.placeOrder({ ...draft, lines });
}

const mapping = (code: string, target: string): ShadowChange => ({
  kind: 'repair',
  repair: { kind: 'mapping', mapping: { kind: 'tax_code', system: 'netsuite', code, target } },
});
const renames = (to: string): Repair => ({
  kind: 'patch',
  operations: [{ op: 'replace', path: '/line_items/*/tax_lines/*/title', was: 'Levy', value: to }],
});

async function untilOver(id: string): Promise<ShadowRun> {
  const consumer = await estate.js.consumers.get(streams.repairs, { filter_subjects: subjects.shadowRun(id) });
  for await (const message of await consumer.consume()) {
    const state = shadowRun.parse(message.json());
    if (state.status !== 'running') return state;
  }
  throw new Error('the run was not followed to its end');
}
const start = async (change: ShadowChange, more: Partial<CommandRequest<'shadow.run'>> = {}): Promise<ShadowRun> => {
  const { shadow } = await give('shadow.run', { actor, change, ...more });
  if (shadow === undefined) throw new Error('nothing was started');
  return shadow;
};
const run = async (change: ShadowChange, more: Partial<CommandRequest<'shadow.run'>> = {}): Promise<ShadowRun> =>
  untilOver((await start(change, more)).shadow_id);

/** Answers of every system that only orders call. */
const answered = () =>
  ['netsuite', 'taxjar', 'signifyd', 'wms-east', 'stripe'].map(
    (id) => estate.simulator.summary().systems[id]?.['answers'],
  );

describe('trying a change on the orders that came last', () => {
  test('a missing mapping cures exactly the orders that lack it, and nobody outside is called', async () => {
    const calls = answered();
    const eventsOfLevied = async () => (await Promise.all(levied.map((key) => estate.events(key)))).flat().length;
    const eventsBefore = await eventsOfLevied();
    const result = await run(mapping('Levy', 'TAX'));
    expect(result).toMatchObject({ status: 'done', wanted: 7, tried: 7, same: 4, different: 3, unknown: 0 });
    const [group, ...more] = result.differences;
    expect(more).toEqual([]);
    expect(group).toMatchObject({ step: 'validate', path: '', after: 'goes on', payloads: 3 });
    expect(group?.before).toContain('Levy');
    expect([...(group?.examples ?? [])].sort()).toEqual([...levied].sort());
    expect(answered()).toEqual(calls);
    expect(await eventsOfLevied()).toBe(eventsBefore);
  }, 30_000);

  test('another target of a mapping differs in what the ERP would be sent, and in nothing else', async () => {
    const result = await run(mapping(mappedTax.title, 'ANOTHER-TAX'));
    expect(result).toMatchObject({ same: 3, different: 4 });
    expect(new Set(result.differences.map(({ step }) => step))).toEqual(new Set(['erp_create_sales_order']));
    expect(result.differences[0]).toMatchObject({ after: '"ANOTHER-TAX"', payloads: 4 });
  }, 30_000);

  test('a rule touches only the orders of its cause, and a patch that does not cure none', async () => {
    const { fingerprint } = await caseState(estate, cases[0] ?? '');
    const scope = { fingerprint, channels: [], legal_entities: [] };
    const cured = await run({ kind: 'repair', repair: renames(mappedTax.title), scope }, { payloads: 4, cases });
    expect(cured.wanted).toBe(new Set([...levied, ...good.slice(3)]).size);
    expect(cured).toMatchObject({ different: 3 });
    expect(
      cured.differences.map(({ step, before, after, payloads }) => [step, before.slice(0, 5), after, payloads]),
    ).toEqual([
      ['validate', 'stops', 'goes on', 3],
      ['canonical', '"Levy', JSON.stringify(mappedTax.title), 3],
    ]);
    const useless = await run({ kind: 'repair', repair: renames('Still nothing'), scope }, { cases });
    expect(useless).toMatchObject({ same: 7, different: 0, differences: [] });
    expect(useless.not_cured).toMatchObject([{ step: 'validate', payloads: 3 }]);
    expect(useless.not_cured?.[0]?.after).toContain('Still nothing');
    const elsewhere: Repair = { kind: 'patch', operations: [{ op: 'remove', path: '/nowhere' }] };
    const inapplicable = await run({ kind: 'repair', repair: elsewhere, scope }, { cases });
    expect(inapplicable.not_cured).toMatchObject([{ after: 'There is nothing at /nowhere.', payloads: 3 }]);
  }, 30_000);

  test('what differs in personal data is told without it', async () => {
    const operations: Extract<Repair, { kind: 'patch' }>['operations'] = [
      { op: 'replace', path: '/shipping_address/address1', value: '9 Secret Lane' },
      { op: 'replace', path: '/email', value: 'nobody.knows@example.com' },
    ];
    const result = await run({ kind: 'repair', repair: { kind: 'patch', operations } });
    expect(result.different).toBeGreaterThan(0);
    const text = JSON.stringify(result.differences);
    for (const secret of ['Secret Lane', 'nobody.knows', 'Test Street', 'test.customer'])
      expect(text).not.toContain(secret);
    expect(text).toContain('‹hidden›');
  }, 30_000);

  test('an estate file is compared with the present one, and a wrong one is refused with its field', async () => {
    const yaml = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');
    const same = await run({ kind: 'estate', yaml });
    expect(same).toMatchObject({ same: 7, different: 0, differences: [] });
    const changed = await run({
      kind: 'estate',
      yaml: yaml.replace("erp_subsidiary: '2'", "erp_subsidiary: '77'"),
    });
    expect(changed.differences.map(({ step }) => step)).toContain('erp_create_sales_order');
    const refused = await requestCommand(estate.nc, 'shadow.run', {
      actor,
      change: { kind: 'estate', yaml: 'version: 1' },
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid' } });
  }, 60_000);

  test('variables of the engine are not filled into an estate file from outside', async () => {
    const yaml = `${readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8')}\n# \${PATH}`;
    const refused = await requestCommand(estate.nc, 'shadow.run', { actor, change: { kind: 'estate', yaml } });
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });

  test('takes the permission', async () => {
    const reply = await requestCommand(estate.nc, 'shadow.run', {
      actor: { id: 'v', roles: ['viewer'] },
      change: mapping('Levy', 'TAX'),
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

describe('a trial that is interrupted', () => {
  const newEngine = () =>
    createEngine({
      nc: estate.nc,
      estate: estate.estate,
      secrets: (setting) => (setting.startsWith('env:') ? testSecret(setting.slice(4)) : setting),
      log: estate.log,
      metrics: createMetrics('test', { defaults: false }),
    });

  test('is taken up by whoever comes next, on the same orders with the same result', async () => {
    const first = await run(mapping('Levy', 'TAX'));
    await estate.engine.close();
    // As a process leaves it that died in the middle, with an order that came afterwards.
    const store = new ShadowStore(publisherOf(estate.nc), estate.manager, 'gone', () => new Date());
    const { v: _, event_id: __, revision: ___, updated_at: ____, writer: _____, ...state } = first;
    await store.create({
      ...state,
      shadow_id: 'cut-off',
      status: 'running',
      tried: 5,
      same: 5,
      different: 0,
      differences: [],
    });
    const second = await newEngine();
    try {
      const result = await untilOver('cut-off');
      expect(result).toMatchObject({ status: 'done', wanted: 7, tried: 7, same: 4, different: 3 });
      expect(result.differences).toEqual(first.differences);
    } finally {
      await second.close();
    }
  }, 60_000);

  test('is forgotten, with what was found, once it ended longer ago than transactions are kept', async () => {
    const { nc, js, manager, log } = estate;
    const longAgo = new ShadowStore(publisherOf(nc), manager, 'old', () => new Date(Date.now() - 31 * 86_400_000));
    const counts = { wanted: 1, tried: 1, same: 1, different: 0, unknown: 0, differences: [], message: '' };
    const old = { change: mapping('Levy', 'TAX'), created_by: 'sam', created_at: new Date(0).toISOString(), ...counts };
    await longAgo.create({ ...old, shadow_id: 'long-ago', status: 'done' });
    const shown = await followRepairs(js, manager, log);
    const ids = async () => (await shown.shadows()).map(({ shadow_id }) => shadow_id);
    expect(await ids()).toContain('long-ago');
    const third = await newEngine();
    try {
      await expect.poll(ids, { timeout: 30_000 }).not.toContain('long-ago');
      expect(await longAgo.get('long-ago')).toBeUndefined();
      expect(await ids()).toContain('cut-off');
    } finally {
      shown.close();
      await third.close();
    }
  }, 60_000);

  test('is over once it is aborted, whoever had it under way', async () => {
    // Somebody else holds the lease, so that the run waits.
    const leases = await createLeases(estate.nc, { owner: 'test', ttlMs: 6_000 });
    await new Promise<void>((resolve) => {
      leases.hold('shadow', (signal) => {
        resolve();
        return new Promise((end) => signal.addEventListener('abort', () => end()));
      });
    });
    const third = await newEngine();
    try {
      const { shadow_id } = await start(mapping('Levy', 'TAX'));
      const aborted = await give('shadow.abort', { actor, shadow_id });
      expect(aborted.shadow).toMatchObject({ status: 'aborted', message: `Aborted by ${actor.id}.` });
      const again = await requestCommand(estate.nc, 'shadow.abort', { actor, shadow_id });
      expect(again).toMatchObject({ ok: false, error: { code: 'refused' } });
      const next = await start(mapping('Levy', 'TAX'));
      await leases.close();
      expect(await untilOver(next.shadow_id)).toMatchObject({ status: 'done', tried: 7 });
      const events = await readSubject(estate.js, estate.manager, streams.repairs, subjects.shadowRun(shadow_id));
      expect(events.map((message) => message.json<ShadowRun>().status)).toEqual(['running', 'aborted']);
    } finally {
      await third.close();
    }
  }, 60_000);
});
