import { afterEach, expect, test } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import type { Repair } from '#contracts/v1/repair.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createMetrics } from '#platform/metrics.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { createEngine } from '#sync-engine/engine.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { repairItems, repairRun, runUntil } from '../support/repair-runs.ts';
import { testSecret } from '../support/simulator.ts';

const ana = { id: 'ana', roles: ['support' as const] };
const eve = { id: 'eve', roles: ['viewer' as const] };
const secrets = (setting: string): string => (setting.startsWith('env:') ? testSecret(setting.slice(4)) : setting);

let estate: TestEngine;
let nextId = 60_000;
afterEach(() => estate.close());

const begin = async (options: Parameters<typeof startEngine>[0] = {}) => {
  estate = await startEngine(options);
};

/** Orders that stop in validation because nobody knows the SKU on their line. */
async function stopped(count: number, sku = 'NOBODY-KNOWS', quantity = 1): Promise<{ key: string; stop: CaseState }[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const draft = orderDraft(estate.simulator, { id: ++nextId });
      const [line] = draft.lines;
      if (line === undefined) throw new Error('an order without lines');
      const taxes = line.taxes.map((tax) => ({
        ...tax,
        cents: Math.round((tax.ratePpm * line.unitCents * quantity) / 1e6),
      }));
      const key = await estate.placeOrder({ ...draft, lines: [{ ...line, sku, quantity, taxes }] });
      const events = await estate.until(key, ({ status }) => status === 'quarantined');
      return { key, stop: await caseState(estate, events.at(-1)?.case_id ?? '') };
    }),
  );
}

const rightSku = (): Repair => ({
  kind: 'patch',
  operations: [
    {
      op: 'replace',
      path: '/line_items/*/sku',
      was: 'NOBODY-KNOWS',
      value: estate.simulator.catalogue.active[0]?.sku ?? '',
    },
  ],
});

async function tried(request: Omit<CommandRequest<'repair.try'>, 'actor' | 'reason'>): Promise<string> {
  const reply = await commandOf(estate.nc, 'repair.try', { actor: ana, reason: 'a SKU was renamed', ...request });
  const id = reply.run?.run_id ?? '';
  await runUntil(estate, id, ({ status }) => status === 'tried');
  return id;
}
/** From here on the SKU that the repair writes may not be sold any more. */
async function deactivateFirst(caseId: string): Promise<void> {
  const master = await createMasterData(estate.nc, estate.log);
  await master.ready;
  const product = master.product(estate.simulator.catalogue.active[0]?.sku ?? '');
  if (product === undefined) throw new Error('no such product');
  await master.putProduct({ ...product, active: false, updated_at: new Date(Date.now() + 1_000).toISOString() });
  master.stop();
  const mapping = { kind: 'sku' as const, system: 'shopify-us', code: 'NOBODY-KNOWS', target: product.sku };
  // The engine hears of it by itself.
  await expect
    .poll(async () => {
      const reply = await commandOf(estate.nc, 'case.dry-run', { actor: ana, case_id: caseId, mappings: [mapping] });
      return reply.dry_run?.problems[0]?.error_code;
    })
    .toBe('inactive_sku');
}

const start = (run_id: string, rate_per_s = 200) =>
  commandOf(estate.nc, 'repair.start', { actor: ana, run_id, rate_per_s });
const outcomes = async (id: string) => (await repairItems(estate, id)).map(({ outcome }) => outcome);
const refusalOf = async <N extends CommandName>(name: N, request: CommandRequest<N>) => {
  const reply: CommandReply = await requestCommand(estate.nc, name, request);
  if (reply.ok) throw new Error(`${name} was not refused`);
  return reply.error;
};

test('one repair cures every open case of its cause, each exactly once, in growing waves', async () => {
  await begin();
  const orders = await stopped(30);
  const fingerprint = orders[0]?.stop.fingerprint ?? '';
  const id = await tried({ fingerprint, repair: rightSku() });
  expect((await repairRun(estate, id)).counts).toEqual({ would_cure: 30 });
  // Trying had no effects.
  for (const { key, stop } of orders) {
    expect((await estate.events(key)).at(-1)?.ordinal).toBe(stop.failed_ordinal);
    expect((await caseState(estate, stop.case_id)).revision).toBe(stop.revision);
  }
  const [late] = await stopped(1);
  await start(id);
  const run = await runUntil(estate, id, ({ status }) => status === 'done');
  expect(run).toMatchObject({ items: 30, counts: { resolved: 30 }, started_by: 'ana', message: '' });
  for (const { key, stop } of orders) {
    expect(await caseState(estate, stop.case_id)).toMatchObject({
      status: 'resolved',
      payload_version: 2,
      repair_run: id,
      fixed_by: 'ana',
    });
    const events = await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'completed');
    expect(events.filter(({ status }) => status === 'replayed')).toHaveLength(1);
    expect(
      events.filter(({ step, status }) => step === 'erp_create_sales_order' && status === 'completed'),
    ).toHaveLength(1);
  }
  // What came after the list was frozen is offered, not swept in.
  expect(await caseState(estate, late?.stop.case_id ?? '')).toMatchObject({ status: 'open', revision: 1 });
}, 60_000);

test('what the repair does not cure is named with its reason, and what somebody changed meanwhile is left to them', async () => {
  await begin();
  const [first, second, third] = await stopped(3);
  const [other] = await stopped(1, 'ANOTHER');
  const ids = [first, second, third, other].map((one) => one?.stop.case_id ?? '');
  await commandOf(estate.nc, 'case.hold', { actor: ana, case_id: ids[2] ?? '', revision: 1, note: '' });
  const id = await tried({ cases: ids, repair: rightSku() });
  const byCase = new Map((await repairItems(estate, id)).map((item) => [item.case_id, item]));
  expect(byCase.get(ids[0] ?? '')).toMatchObject({
    outcome: 'would_cure',
    systems: expect.arrayContaining(['netsuite']) as string[],
  });
  expect(byCase.get(ids[2] ?? '')).toMatchObject({ outcome: 'refused', message: 'The case is on hold.' });
  expect(byCase.get(ids[3] ?? '')?.message).toBe('Nothing at /line_items/*/sku is "NOBODY-KNOWS".');

  await commandOf(estate.nc, 'case.assign', { actor: ana, case_id: ids[1] ?? '', revision: 1, assignee: 'ben' });
  await start(id);
  const run = await runUntil(estate, id, ({ status }) => status === 'done');
  expect(run.counts).toEqual({ resolved: 1, changed: 1, refused: 1, not_cured: 1 });
  expect(await caseState(estate, ids[1] ?? '')).toMatchObject({ status: 'assigned', payload_version: 1 });
}, 60_000);

test('a wave in which one fails again pauses the run, and an aborted run leaves the rest as it was', async () => {
  await begin();
  const orders = await stopped(4);
  const id = await tried({ fingerprint: orders[0]?.stop.fingerprint ?? '', repair: rightSku() });
  const [item] = await repairItems(estate, id);
  await deactivateFirst(item?.case_id ?? '');
  await start(id);
  const paused = await runUntil(estate, id, ({ status }) => status === 'paused');
  expect(paused.counts).toEqual({ failed_again: 1, would_cure: 3 });
  expect(paused.message).toMatch(/^1 of 1 failed again: /);
  expect(await caseState(estate, item?.case_id ?? '')).toMatchObject({ status: 'open', times_failed: 2 });

  await commandOf(estate.nc, 'repair.abort', { actor: ana, run_id: id, reason: 'another way' });
  const aborted = await runUntil(estate, id, ({ counts }) => counts.left_out === 3);
  expect(aborted).toMatchObject({ status: 'aborted', message: 'Aborted by ana: another way' });
  for (const one of (await repairItems(estate, id)).slice(1))
    expect(await caseState(estate, one.case_id)).toMatchObject({ status: 'open', revision: 1 });
}, 60_000);

test('money above the limit waits for a second person while the rest goes on; the run ends when they have decided', async () => {
  await begin({
    estate: (declared) => ({ ...declared, policies: { ...declared.policies, second_person_above: '100.00' } }),
  });
  const small = await stopped(3);
  const [large] = await stopped(1, 'NOBODY-KNOWS', 20);
  const id = await tried({ fingerprint: small[0]?.stop.fingerprint ?? '', repair: rightSku() });
  await start(id);
  const waiting = await runUntil(estate, id, ({ counts }) => counts.resolved === 3 && counts.awaits_approval === 1);
  expect(waiting.status).toBe('replaying');
  const { revision } = await caseState(estate, large?.stop.case_id ?? '');
  const cleo = { id: 'cleo', roles: ['finance' as const] };
  await commandOf(estate.nc, 'case.approve', { actor: cleo, case_id: large?.stop.case_id ?? '', revision });
  expect((await runUntil(estate, id, ({ status }) => status === 'done')).counts).toEqual({ resolved: 4 });
}, 60_000);

test('a mapping is added once, and cures all who lack it', async () => {
  await begin();
  const orders = await stopped(3);
  const id = await tried({
    fingerprint: orders[0]?.stop.fingerprint ?? '',
    repair: {
      kind: 'mapping',
      mapping: {
        kind: 'sku',
        system: 'shopify-us',
        code: 'NOBODY-KNOWS',
        target: estate.simulator.catalogue.active[0]?.sku ?? '',
      },
    },
  });
  expect(await outcomes(id)).toEqual(['would_cure', 'would_cure', 'would_cure']);
  await start(id);
  expect((await runUntil(estate, id, ({ status }) => status === 'done')).counts).toEqual({ resolved: 3 });
  expect(await caseState(estate, orders[0]?.stop.case_id ?? '')).toMatchObject({ payload_version: 1 });
}, 60_000);

test('a run whose replica stops is carried on by another, and no case is told twice', async () => {
  await begin();
  const orders = await stopped(25);
  const id = await tried({ fingerprint: orders[0]?.stop.fingerprint ?? '', repair: rightSku() });
  await start(id, 5);
  await runUntil(estate, id, ({ counts }) => (counts.resolved ?? 0) >= 2);
  const second = await createEngine({
    nc: estate.nc,
    estate: estate.estate,
    secrets,
    log: estate.log,
    metrics: createMetrics('second', { defaults: false }),
  });
  await estate.engine.close();
  const { simulator, nc, nats } = estate;
  estate = {
    ...estate,
    engine: second,
    close: async () => {
      await simulator.close();
      await second.close();
      await nc.close();
      await nats.close();
    },
  };
  expect((await runUntil(estate, id, ({ status }) => status === 'done')).counts).toEqual({ resolved: 25 });
  for (const { key } of orders)
    expect((await estate.events(key)).filter(({ status }) => status === 'replayed')).toHaveLength(1);
}, 60_000);

test('who may not replay may not repair, and what makes no sense is refused in words', async () => {
  await begin();
  const [one] = await stopped(1);
  const fingerprint = one?.stop.fingerprint ?? '';
  const repair = rightSku();
  expect(await refusalOf('repair.try', { actor: eve, fingerprint, repair, reason: 'x' })).toMatchObject({
    code: 'forbidden',
  });
  expect(
    await refusalOf('repair.try', { actor: ana, fingerprint: '0123456789abcdef', repair, reason: 'x' }),
  ).toMatchObject({ message: 'There is no open case of this kind any more.' });
  expect(await refusalOf('repair.try', { actor: ana, repair, reason: 'x' })).toMatchObject({ code: 'invalid' });
  const id = await tried({ cases: [one?.stop.case_id ?? ''], repair: { kind: 'none' } });
  expect(await outcomes(id)).toEqual(['not_cured']);
  expect(await refusalOf('repair.start', { actor: ana, run_id: id })).toMatchObject({
    message: 'The repair cures none of these cases, so there is nothing to replay.',
  });
  expect(await refusalOf('repair.pause', { actor: ana, run_id: id })).toMatchObject({
    message: 'The run is tried already.',
  });
  expect(await refusalOf('repair.start', { actor: ana, run_id: 'nosuch' })).toMatchObject({ code: 'not_found' });
}, 60_000);
