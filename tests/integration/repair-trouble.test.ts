import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { Repair, RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { readAt } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createCaseDesk } from '#sync-engine/cases/case-desk.ts';
import { CaseStore } from '#sync-engine/cases/case-store.ts';
import { Documents } from '#sync-engine/documents.ts';
import { emptyOrderData } from '#sync-engine/flows/order/order-data.ts';
import { TransactionLog } from '#sync-engine/flows/transaction-log.ts';
import { LISTING_MS } from '#sync-engine/repairs/run-driver.ts';
import { RunStore } from '#sync-engine/repairs/run-store.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { orderState } from '../support/flow-view.ts';
import { repairItems, runUntil } from '../support/repair-runs.ts';

const ana = { id: 'ana', roles: ['support' as const] };
const ben = { id: 'ben', roles: ['operations' as const] };
const cleo = { id: 'cleo', roles: ['finance' as const] };
const now = () => new Date();

const FRESH = { wave: 0, counts: {}, message: '' };

let estate: TestEngine;
let runs: RunStore;
let nextId = 90_000;
beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({ ...declared, policies: { ...declared.policies, second_person_above: '100.00' } }),
  });
  const { nc, js, manager } = estate;
  runs = new RunStore({ publisher: publisherOf(nc), js, manager, nonce: 'test', now });
}, 60_000);
afterAll(() => estate.close());

async function stopped(
  sku: string,
  quantity = 1,
  title?: string,
): Promise<{ key: string; stop: CaseState; intakeSeq: number }> {
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const [line] = draft.lines;
  if (line === undefined) throw new Error('an order without lines');
  const taxes = line.taxes.map((tax) => ({
    ...tax,
    ...(title === undefined ? {} : { title }),
    cents: Math.round((tax.ratePpm * line.unitCents * quantity) / 1e6),
  }));
  const key = await estate.placeOrder({ ...draft, lines: [{ ...line, sku, quantity, taxes }] });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  const stop = await caseState(estate, events.at(-1)?.case_id ?? '');
  return { key, stop, intakeSeq: Number(events[0]?.attributes['intake_seq']) };
}

const rightSku = (was: string): Repair => ({
  kind: 'patch',
  operations: [
    { op: 'replace', path: '/line_items/*/sku', was, value: estate.simulator.catalogue.active[0]?.sku ?? '' },
  ],
});

async function tried(cases: string[], repair: Repair): Promise<string> {
  const reply = await commandOf(estate.nc, 'repair.try', { actor: ana, reason: 'a SKU was renamed', cases, repair });
  const id = reply.run?.run_id ?? '';
  await runUntil(estate, id, ({ status }) => status === 'tried');
  return id;
}

const refusalOf = async <N extends CommandName>(name: N, request: CommandRequest<N>) => {
  const reply = await requestCommand(estate.nc, name, request);
  if (reply.ok) throw new Error(`${name} was not refused`);
  return reply.error;
};

const itemOf = (run_id: string, stop: CaseState, position = 0) => ({
  run_id,
  case_id: stop.case_id,
  case_revision: stop.revision,
  position,
  key: stop.key,
  business_key: stop.business_key,
  amount: stop.amount,
  currency: stop.currency,
  outcome: 'pending' as RepairItem['outcome'],
  message: '',
  systems: [],
});

/** A run as a process left it that was ended in the middle. */
async function leftBehind(
  run: Pick<RepairRun, 'run_id' | 'status' | 'wave' | 'counts'> & { repair?: Repair },
  items: { stop: CaseState; outcome: RepairItem['outcome']; message?: string }[],
): Promise<void> {
  await runs.create(
    {
      fingerprint: '',
      repair: { kind: 'none' },
      reason: 'once more',
      created_by: 'ana',
      created_at: now().toISOString(),
      started_by: 'ana',
      rate_per_s: 100,
      items: items.length,
      message: '',
      ...run,
    },
    items.map(({ stop, outcome, message = '' }, position) => ({
      ...itemOf(run.run_id, stop, position),
      outcome,
      message,
    })),
  );
}

test('whoever wrote a repair does not approve what it sends, whoever started it; a declined replay has not failed', async () => {
  const { stop } = await stopped('TROUBLE-1', 20);
  const id = await tried([stop.case_id], rightSku('TROUBLE-1'));
  await commandOf(estate.nc, 'repair.start', { actor: ben, run_id: id });
  await runUntil(estate, id, ({ counts }) => counts.awaits_approval === 1);
  const waiting = await caseState(estate, stop.case_id);
  expect(waiting).toMatchObject({ fixed_by: 'ana', approval: { requested_by: 'ben' } });
  const { case_id, revision } = waiting;
  const author = { id: 'ana', roles: ['operations' as const] };
  expect(await refusalOf('case.approve', { actor: author, case_id, revision })).toMatchObject({
    because: 'same_person',
  });
  await commandOf(estate.nc, 'case.decline', { actor: cleo, case_id, revision, reason: 'ask the customer' });
  const done = await runUntil(estate, id, ({ status }) => status === 'done');
  expect(done.counts).toEqual({ changed: 1 });
}, 60_000);

test('whoever chose the mapping of a repair does not approve what it sends, whoever started it', async () => {
  const { stop } = await stopped('TROUBLE-9', 20);
  const target = estate.simulator.catalogue.active[0]?.sku ?? '';
  const mapping = { kind: 'sku' as const, system: 'shopify-us', code: 'TROUBLE-9', target };
  const adam = { id: 'adam', roles: ['administrator' as const] };
  const reply = await commandOf(estate.nc, 'repair.try', {
    actor: adam,
    reason: 'renamed',
    cases: [stop.case_id],
    repair: { kind: 'mapping', mapping },
  });
  const id = reply.run?.run_id ?? '';
  await runUntil(estate, id, ({ status }) => status === 'tried');
  await commandOf(estate.nc, 'repair.start', { actor: { ...adam, id: 'bea' }, run_id: id });
  await runUntil(estate, id, ({ counts }) => counts.awaits_approval === 1);
  const { case_id, revision } = await caseState(estate, stop.case_id);
  expect(await refusalOf('case.approve', { actor: adam, case_id, revision })).toMatchObject({ because: 'same_person' });
  await commandOf(estate.nc, 'case.approve', { actor: cleo, case_id, revision });
  expect((await runUntil(estate, id, ({ status }) => status === 'done')).counts).toEqual({ resolved: 1 });
}, 60_000);

test('an order that somebody holds does not hold up a run', async () => {
  const [held, other] = [await stopped('TROUBLE-2'), await stopped('TROUBLE-2')];
  const id = await tried([held.stop.case_id, other.stop.case_id], rightSku('TROUBLE-2'));
  await commandOf(estate.nc, 'order.hold', { actor: ben, key: held.key, reason: 'the customer called' });
  await commandOf(estate.nc, 'repair.start', { actor: ana, run_id: id, rate_per_s: 100 });
  const done = await runUntil(estate, id, ({ status }) => status === 'done');
  expect(done.counts).toEqual({ resolved: 1, refused: 1 });
}, 60_000);

test('an order that somebody holds once it was told to replay does not hold up its wave, and is counted as held', async () => {
  const [held, other] = [await stopped('TROUBLE-10'), await stopped('TROUBLE-10')];
  const repair = rightSku('TROUBLE-10');
  const received = await readAt(estate.manager, streams.intake, held.intakeSeq);
  const documents = new Documents(publisherOf(estate.nc), estate.js, estate.manager);
  const right = estate.simulator.catalogue.active[0]?.sku ?? '';
  const payload = (received?.string() ?? '').replaceAll('TROUBLE-10', right);
  const payload_seq = await documents.keepBytes(held.key, 'received.2', payload);
  await commandOf(estate.nc, 'order.hold', { actor: ben, key: held.key, reason: 'the customer called' });
  // Told so long ago that the sweeper carries it into the order, as after a crash.
  const longAgo = () => new Date(Date.now() - 60_000);
  const cases = new CaseStore(publisherOf(estate.nc), estate.manager, 'test', longAgo);
  const current = await cases.get(held.stop.case_id);
  if (current === undefined) throw new Error('no case');
  await cases.change(current, {
    type: 'replay_requested',
    actor: 'ana',
    patch: { status: 'replaying', repair_run: 'held-late', payload_version: 2, payload_seq },
  });
  await leftBehind(
    { run_id: 'held-late', status: 'replaying', wave: 0, repair, counts: { would_cure: 1, replaying: 1 } },
    [
      { stop: held.stop, outcome: 'replaying' },
      { stop: other.stop, outcome: 'would_cure' },
    ],
  );
  const waiting = await runUntil(estate, 'held-late', ({ counts }) => counts.resolved === 1 && counts.held === 1);
  expect(waiting.status).toBe('replaying');
  const said = await runUntil(estate, 'held-late', ({ message }) => message !== '');
  expect(said.message).toBe('Waiting. 1 held.');
  const items = new Map((await repairItems(estate, 'held-late')).map((item) => [item.case_id, item]));
  expect(items.get(held.stop.case_id)?.message).toBe('The order is on hold: the customer called');
  await commandOf(estate.nc, 'order.release', { actor: ben, key: held.key });
  expect((await runUntil(estate, 'held-late', ({ status }) => status === 'done')).counts).toEqual({ resolved: 2 });
}, 60_000);

test('a case that went on and stopped at a later step while the run was going on is counted and named so', async () => {
  const title = 'Misdirected levy';
  const code = { kind: 'tax_code' as const, system: 'netsuite', code: title, target: 'NO-SUCH-CODE' };
  await commandOf(estate.nc, 'mapping.put', { actor: ana, ...code, reason: 'by mistake' });
  const [later, large] = [await stopped('TROUBLE-11', 1, title), await stopped('TROUBLE-11', 20)];
  const id = await tried([later.stop.case_id, large.stop.case_id], rightSku('TROUBLE-11'));
  await commandOf(estate.nc, 'repair.start', { actor: ben, run_id: id, rate_per_s: 100 });
  await runUntil(estate, id, ({ counts }) => counts.awaits_approval === 1 && counts.stopped_later === 1);
  const items = new Map((await repairItems(estate, id)).map((item) => [item.case_id, item]));
  const second = (await estate.events(later.key)).findLast(({ status }) => status === 'quarantined');
  expect(second?.step).toBe('erp_create_sales_order');
  expect(items.get(later.stop.case_id)?.message).toContain('stopped again at erp_create_sales_order: ');
  expect(await caseState(estate, later.stop.case_id)).toMatchObject({ status: 'resolved' });
  const { case_id, revision } = await caseState(estate, large.stop.case_id);
  await commandOf(estate.nc, 'case.decline', { actor: cleo, case_id, revision, reason: 'ask the customer' });
  const done = await runUntil(estate, id, ({ status }) => status === 'done');
  expect(done.counts).toEqual({ stopped_later: 1, changed: 1 });
}, 60_000);

test('a case that cannot be tried because of a defect is told of and leaves the others alone', async () => {
  const [broken, whole] = [await stopped('TROUBLE-3'), await stopped('TROUBLE-3')];
  const cases = new CaseStore(publisherOf(estate.nc), estate.manager, 'test', now);
  const current = await cases.get(broken.stop.case_id);
  if (current === undefined) throw new Error('no case');
  const patch = { status: 'fixed', payload_version: 2, payload_seq: 999_999_999 } as const;
  await cases.change(current, { type: 'fixed', actor: 'ana', patch });
  const id = await tried([broken.stop.case_id, whole.stop.case_id], rightSku('TROUBLE-3'));
  const items = new Map((await repairItems(estate, id)).map((item) => [item.case_id, item]));
  expect(items.get(broken.stop.case_id)).toMatchObject({
    outcome: 'not_cured',
    message: expect.stringContaining('no longer kept') as string,
  });
  expect(items.get(whole.stop.case_id)).toMatchObject({ outcome: 'would_cure' });
}, 60_000);

test('a case whose order is only about to stop is tried and replayed like one that has', async () => {
  const { nc, js, manager } = estate;
  const { intakeSeq } = await stopped('TROUBLE-13');
  const log = new TransactionLog({ publisher: publisherOf(nc), manager, nonce: 'early' });
  const at = now().toISOString();
  const begun = { step: 'canonicalise', status: 'completed', attempt: 1, system: 'syncline' } as const;
  const state = orderState({ step: 'validate', data: emptyOrderData('shopify-us', intakeSeq) });
  const key = 'shopify-us==early';
  const head = await log.append(
    'order_to_cash',
    key,
    undefined,
    { ...begun, direction: 'internal', started_at: at, ended_at: at },
    state,
  );
  if (head === undefined) throw new Error('no transaction');
  // The case is durable; the event that stops the order comes after it.
  const cases = new CaseStore(publisherOf(nc), manager, 'early', now);
  const problem = { error_class: 'reference', error_code: 'unknown_sku', path: '', document: 'canonical' } as const;
  const failed = { step: 'validate', system: 'syncline' };
  const id = await createCaseDesk(cases, now).open('order_to_cash', head, failed, [
    { ...problem, message: 'no such SKU' },
  ]);

  const run = await tried([id], rightSku('TROUBLE-13'));
  expect((await repairItems({ js }, run)).map(({ outcome }) => outcome)).toEqual(['would_cure']);
  const { revision } = await caseState(estate, id);
  await commandOf(nc, 'case.replay', { actor: ana, case_id: id, revision });
  // The sweeper carries it into the order once that has stopped.
  expect(await caseState(estate, id)).toMatchObject({ status: 'replaying' });
}, 60_000);

test('a list whose making was cut off ends as a run of nothing, and its cases are left as they were', async () => {
  const { stop } = await stopped('TROUBLE-12');
  const { nc, js, manager } = estate;
  // The engine gives it up three seconds from now.
  const begun = () => new Date(Date.now() - LISTING_MS + 3_000);
  const dying = new RunStore({ publisher: publisherOf(nc), js, manager, nonce: 'dying', now: begun });
  const run_id = 'cut-off-listing';
  const power = {
    ...itemOf(run_id, stop, 1),
    get case_id(): string {
      throw new Error('the power is cut');
    },
  };
  const run = { fingerprint: '', repair: rightSku('TROUBLE-12'), reason: 'renamed', created_by: 'ana', started_by: '' };
  const made = dying.create(
    { ...run, run_id, status: 'trying', created_at: begun().toISOString(), rate_per_s: 10, ...FRESH, items: 2 },
    [itemOf(run_id, stop), power],
  );
  await expect(made).rejects.toThrow('the power is cut');
  const over = await runUntil(estate, run_id, ({ status, counts }) => status === 'aborted' && counts.left_out === 1);
  expect(over).toMatchObject({
    items: 1,
    counts: { left_out: 1 },
    message: expect.stringContaining('cut off') as string,
  });
  expect((await repairItems(estate, run_id)).map(({ outcome }) => outcome)).toEqual(['left_out']);
  expect(await caseState(estate, stop.case_id)).toMatchObject({ status: 'open', revision: 1 });
}, 60_000);

test('what was told before a pause is counted, although nobody had counted it when it came', async () => {
  const { stop } = await stopped('TROUBLE-4');
  await leftBehind({ run_id: 'paused-early', status: 'paused', wave: 1, counts: { would_cure: 1 } }, [
    { stop, outcome: 'replaying' },
  ]);
  const run = await runUntil(
    estate,
    'paused-early',
    ({ status, counts }) => status === 'paused' && counts.would_cure === undefined && !counts.replaying,
  );
  // The case never heard of it.
  expect(run).toMatchObject({ status: 'paused', counts: { changed: 1 } });
}, 60_000);

test('failures of a wave that a replica was cut off in still pause the run', async () => {
  const [failed, next] = [await stopped('TROUBLE-5'), await stopped('TROUBLE-5')];
  await leftBehind({ run_id: 'cut-off', status: 'replaying', wave: 1, counts: { would_cure: 1, failed_again: 1 } }, [
    { stop: failed.stop, outcome: 'failed_again', message: 'no such SKU' },
    { stop: next.stop, outcome: 'would_cure' },
  ]);
  const run = await runUntil(estate, 'cut-off', ({ status }) => status === 'paused');
  expect(run.message).toBe('1 of 1 failed again: no such SKU');
  expect(await caseState(estate, next.stop.case_id)).toMatchObject({ status: 'open', revision: 1 });
}, 60_000);

test('a case whose cause is on hold is not replayed in a list chosen by hand either', async () => {
  const { stop } = await stopped('TROUBLE-6');
  const id = await tried([stop.case_id], rightSku('TROUBLE-6'));
  const { fingerprint } = stop;
  await commandOf(estate.nc, 'cause.change', {
    actor: ana,
    fingerprint,
    revision: 0,
    change: { kind: 'hold', reason: 'the vendor has been asked' },
  });
  await commandOf(estate.nc, 'repair.start', { actor: ana, run_id: id });
  expect((await runUntil(estate, id, ({ status }) => status === 'done')).counts).toEqual({ refused: 1 });
  await commandOf(estate.nc, 'cause.change', { actor: ana, fingerprint, revision: 1, change: { kind: 'release' } });
}, 60_000);

test('a case that is being replayed is not assigned, and one that is closed takes no note of a mapping', async () => {
  const { key, stop } = await stopped('TROUBLE-7');
  const { case_id, revision } = stop;
  await commandOf(estate.nc, 'order.hold', { actor: ben, key, reason: 'the customer called' });
  const replaying = await commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision });
  expect(replaying.case?.status).toBe('replaying');
  const assign = { actor: ana, case_id, revision: replaying.case?.revision ?? 0, assignee: 'ben' };
  expect(await refusalOf('case.assign', assign)).toMatchObject({ code: 'refused' });
  await commandOf(estate.nc, 'order.release', { actor: ben, key });
  await expect.poll(async () => (await caseState(estate, case_id)).status).toBe('open');
  const again = await caseState(estate, case_id);
  await commandOf(estate.nc, 'case.discard', { actor: ana, case_id, revision: again.revision, reason: 'a test' });
  const target = estate.simulator.catalogue.active[0]?.sku ?? '';
  const mapping = { kind: 'sku' as const, system: 'shopify-us', code: 'TROUBLE-7', target, reason: 'renamed' };
  expect(await requestCommand(estate.nc, 'mapping.put', { actor: ana, ...mapping, case_id })).toMatchObject({
    ok: true,
  });
}, 60_000);

test('a repair as large as a message is refused', async () => {
  const { stop } = await stopped('TROUBLE-8');
  const repair: Repair = {
    kind: 'patch',
    operations: [{ op: 'add', path: '/note', value: 'x'.repeat(200_000) }],
  };
  expect(await refusalOf('repair.try', { actor: ana, reason: 'x', cases: [stop.case_id], repair })).toMatchObject({
    code: 'invalid',
  });
}, 60_000);
