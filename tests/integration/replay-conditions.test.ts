import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Actor, CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { mappedTax, orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { postShipment } from '../support/warehouse.ts';

const ana = { id: 'ana', roles: ['support' as const] };
const ben = { id: 'ben', roles: ['operations' as const] };
const eve = { id: 'eve', roles: ['viewer' as const] };

let estate: TestEngine;
let nextId = 50_000;

beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({
      ...declared,
      policies: { ...declared.policies, second_person_above: '100.00', hold_early_signals_s: 1 },
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const ask = <N extends CommandName>(name: N, request: CommandRequest<N>): Promise<CommandReply> =>
  requestCommand(estate.nc, name, request);
const refusalOf = async <N extends CommandName>(name: N, request: CommandRequest<N>) => {
  const reply = await ask(name, request);
  if (reply.ok) throw new Error(`${name} was not refused`);
  return reply.error;
};

/** An order that stops in validation because of a SKU that nobody knows. */
async function stopped(quantity = 1): Promise<{ key: string; stop: CaseState; payload: string; id: number }> {
  const id = ++nextId;
  const draft = orderDraft(estate.simulator, { id });
  const [line] = draft.lines;
  if (line === undefined) throw new Error('an order without lines');
  const taxes = line.taxes.map((tax) => ({
    ...tax,
    cents: Math.round((tax.ratePpm * line.unitCents * quantity) / 1e6),
  }));
  const one = { ...draft, lines: [{ ...line, quantity, taxes }] };
  const wrong = { ...one, lines: one.lines.map((item) => ({ ...item, sku: 'NOBODY-KNOWS' })) };
  const key = await estate.placeOrder(wrong);
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  const stop = await caseState(estate, events.at(-1)?.case_id ?? '');
  return { key, stop, id, payload: JSON.stringify(buildShopifyOrder(one, 'northwind-lane-us.myshopify.com')) };
}

const resolved = async (key: string, id: string) => {
  await estate.until(key, ({ step, status }) => step === 'wms_release' && status === 'completed');
  return caseState(estate, id);
};

test('money above the limit waits for a second person, who is neither the asker nor the author', async () => {
  const { key, stop, payload } = await stopped(20);
  const { case_id } = stop;
  expect(Number(stop.amount)).toBeGreaterThan(100);
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id,
    revision: stop.revision,
    payload,
    reason: 'the right SKU',
  });
  const asked = await commandOf(estate.nc, 'case.replay', { actor: ben, case_id, revision: fixed.case?.revision ?? 0 });
  const revision = asked.case?.revision ?? 0;
  expect(asked.case).toMatchObject({ status: 'awaiting_approval', approval: { requested_by: 'ben' }, fixed_by: 'ana' });

  expect(await refusalOf('case.approve', { actor: ben, case_id, revision })).toMatchObject({ because: 'same_person' });
  const author = { id: 'ana', roles: ['operations' as const] };
  expect(await refusalOf('case.approve', { actor: author, case_id, revision })).toMatchObject({
    because: 'same_person',
  });
  expect(await refusalOf('case.approve', { actor: ana, case_id, revision })).toMatchObject({ code: 'forbidden' });
  expect(await refusalOf('case.approve', { actor: eve, case_id, revision })).toMatchObject({ code: 'forbidden' });
  expect(await refusalOf('case.replay', { actor: ana, case_id, revision })).toMatchObject({ code: 'refused' });
  // Nothing moved so far.
  expect((await estate.events(key)).filter(({ status }) => status === 'replayed')).toEqual([]);

  const approver = { id: 'cleo', roles: ['finance' as const] };
  const approved = await commandOf(estate.nc, 'case.approve', { actor: approver, case_id, revision });
  expect(approved.case).toMatchObject({ status: 'replaying' });
  expect(approved.case?.approval).toBeUndefined();
  expect(await resolved(key, case_id)).toMatchObject({ status: 'resolved' });
});

test('whoever wrote an earlier version that the payload builds on does not approve it, nor whoever added its mapping', async () => {
  const { key, stop, payload } = await stopped(20);
  const { case_id } = stop;
  const fix = async (actor: Actor, revision: number) =>
    (await commandOf(estate.nc, 'case.fix', { actor, case_id, revision, payload, reason: 'the right SKU' })).case;
  const second = await fix({ id: 'olga', roles: ['operations'] }, stop.revision);
  const third = await fix(ana, second?.revision ?? 0);
  expect(third).toMatchObject({ payload_version: 3, fixed_by: 'ana', authors: ['olga', 'ana'] });
  const mapping = { kind: 'tax_code' as const, system: 'netsuite', code: 'Unused levy', target: 'NY-STATE', case_id };
  await commandOf(estate.nc, 'mapping.put', {
    actor: { id: 'adam', roles: ['administrator'] },
    ...mapping,
    reason: 'a new levy',
  });
  const { revision: noted } = await caseState(estate, case_id);
  const asked = await commandOf(estate.nc, 'case.replay', { actor: ben, case_id, revision: noted });
  const revision = asked.case?.revision ?? 0;
  expect(asked.case).toMatchObject({ status: 'awaiting_approval' });
  for (const id of ['olga', 'ana', 'adam', 'ben'])
    expect(
      await refusalOf('case.approve', { actor: { id, roles: ['administrator'] }, case_id, revision }),
      id,
    ).toMatchObject({ because: 'same_person' });
  await commandOf(estate.nc, 'case.approve', { actor: { id: 'cleo', roles: ['finance'] }, case_id, revision });
  expect(await resolved(key, case_id)).toMatchObject({ status: 'resolved' });
});

test('what somebody wrote in one case of an order counts in the next one too', async () => {
  const title = 'Misdirected levy';
  const code = { kind: 'tax_code' as const, system: 'netsuite', code: title, target: 'NO-SUCH-CODE' };
  await commandOf(estate.nc, 'mapping.put', {
    actor: { id: 'sue', roles: ['support'] },
    ...code,
    reason: 'by mistake',
  });
  const { key, stop, payload } = await stopped(20);
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id: stop.case_id,
    revision: stop.revision,
    payload: payload.replaceAll(`"title":"${mappedTax.title}"`, `"title":"${title}"`),
    reason: 'the right SKU',
  });
  const replay = ({ case_id, revision }: CaseState) =>
    commandOf(estate.nc, 'case.replay', { actor: ben, case_id, revision });
  const first = (await replay(fixed.case ?? stop)).case ?? stop;
  const on = { case_id: first.case_id, revision: first.revision };
  await commandOf(estate.nc, 'case.approve', { actor: { id: 'cleo', roles: ['finance'] }, ...on });
  const events = await estate.until(key, (event) => event.status === 'quarantined' && event.case_id !== stop.case_id);
  const second = await caseState(estate, events.at(-1)?.case_id ?? '');
  expect(second).toMatchObject({ step: 'erp_create_sales_order', payload_version: 2, authors: ['ana'] });
  const waiting = (await replay(second)).case ?? second;
  const approve = { case_id: waiting.case_id, revision: waiting.revision };
  const refused = await refusalOf('case.approve', { actor: { id: 'ana', roles: ['operations'] }, ...approve });
  expect(refused).toMatchObject({ because: 'same_person' });
});

test('a declined replay sends nothing and leaves the case as it was; a correction voids what was asked for', async () => {
  const { key, stop, payload } = await stopped(20);
  const { case_id } = stop;
  const approver = { id: 'cleo', roles: ['finance' as const] };
  const fix = (revision: number) =>
    commandOf(estate.nc, 'case.fix', { actor: ana, case_id, revision, payload, reason: 'the right SKU' });
  const replay = (revision: number) => commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision });
  const asked = await replay((await fix(stop.revision)).case?.revision ?? 0);
  const declined = await commandOf(estate.nc, 'case.decline', {
    actor: approver,
    case_id,
    revision: asked.case?.revision ?? 0,
    reason: 'ask the customer first',
  });
  expect(declined.case).toMatchObject({ status: 'fixed' });
  const again = await replay(declined.case?.revision ?? 0);
  const anew = await fix(again.case?.revision ?? 0);
  expect(anew.case).toMatchObject({ status: 'fixed', payload_version: 3 });
  expect(anew.case?.approval).toBeUndefined();
  expect((await estate.events(key)).filter(({ status }) => status === 'replayed')).toEqual([]);
});

test('a correction that makes an order worth more than one person may move waits for a second one', async () => {
  const { key, stop } = await stopped();
  const { payload } = await stopped(20);
  const { case_id } = stop;
  expect(Number(stop.amount)).toBeLessThan(100);
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id,
    revision: stop.revision,
    payload,
    reason: 'more of it',
  });
  const asked = await commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision: fixed.case?.revision ?? 0 });
  // Whoever approves it is told of what it comes to now, not of what it was when it stopped.
  const { total_price } = JSON.parse(payload) as { total_price: string };
  expect(asked.case).toMatchObject({
    status: 'awaiting_approval',
    amount: stop.amount,
    approval: { amount: total_price, currency: 'USD' },
  });
  expect((await estate.events(key)).filter(({ status }) => status === 'replayed')).toEqual([]);
});

test('what one person may move is replayed at once', async () => {
  const { key, stop, payload } = await stopped();
  const { case_id } = stop;
  expect(Number(stop.amount)).toBeLessThan(100);
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id,
    revision: stop.revision,
    payload,
    reason: 'the right SKU',
  });
  await commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision: fixed.case?.revision ?? 0 });
  expect(await resolved(key, case_id)).toMatchObject({ status: 'resolved' });
});

test('an older version is refused once the channel has changed the order, unless somebody says why', async () => {
  const { key, stop, payload } = await stopped();
  const { case_id } = stop;
  const order = JSON.parse(payload) as { line_items: object[]; note: string; updated_at: string };
  const later = new Date(Date.parse(order.updated_at) + 60_000).toISOString();
  const post = async (body: object) => {
    const response = await estate.postShopify('orders/updated', JSON.stringify(body));
    expect(response.status).toBe(200);
  };
  await post({ ...order, note: 'ring twice', updated_at: later });
  await estate.until(key, ({ step }) => step === 'channel_update_received');
  const fix = async (text: string, revision: number) =>
    (await commandOf(estate.nc, 'case.fix', { actor: ana, case_id, revision, payload: text, reason: 'the right SKU' }))
      .case?.revision ?? 0;
  let revision = await fix(payload, stop.revision);
  const refused = await refusalOf('case.replay', { actor: ana, case_id, revision });
  expect(refused).toMatchObject({ code: 'refused', because: 'stale_payload' });
  expect(refused.message).toContain('/note');
  expect(await refusalOf('case.replay', { actor: ana, case_id, revision, override_stale: true })).toMatchObject({
    code: 'invalid',
    fields: [{ path: '/note' }],
  });

  // The channel's version, corrected, is as new as what is known.
  revision = await fix(JSON.stringify({ ...order, note: 'ring twice', updated_at: later }), revision);
  await commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision });
  expect(await resolved(key, case_id)).toMatchObject({ status: 'resolved' });
});

test('the override goes through with its reason on the case', async () => {
  const { key, stop, payload } = await stopped();
  const { case_id } = stop;
  const order = JSON.parse(payload) as { updated_at: string };
  const later = new Date(Date.parse(order.updated_at) + 60_000).toISOString();
  await estate.postShopify('orders/updated', JSON.stringify({ ...order, note: 'ring twice', updated_at: later }));
  await estate.until(key, ({ step }) => step === 'channel_update_received');
  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id,
    revision: stop.revision,
    payload,
    reason: 'the right SKU',
  });
  await commandOf(estate.nc, 'case.replay', {
    actor: ana,
    case_id,
    revision: fixed.case?.revision ?? 0,
    override_stale: true,
    note: 'the note does not matter',
  });
  expect(await resolved(key, case_id)).toMatchObject({ status: 'resolved' });
});

test('what Shopify changes by itself makes no version stale', async () => {
  const { key, stop, payload } = await stopped();
  const { case_id } = stop;
  const order = JSON.parse(payload) as { updated_at: string };
  const wrong = JSON.parse(payload.replace(/"sku":"[^"]+"/, '"sku":"NOBODY-KNOWS"')) as object;
  const later = new Date(Date.parse(order.updated_at) + 60_000).toISOString();
  await estate.postShopify('orders/updated', JSON.stringify({ ...wrong, tags: 'vip', updated_at: later }));
  await estate.until(key, ({ step }) => step === 'channel_update_received');
  const replayed = await commandOf(estate.nc, 'case.replay', { actor: ana, case_id, revision: stop.revision });
  expect(replayed.case).toMatchObject({ status: 'replaying' });
  await estate.until(key, ({ status, ordinal }) => status === 'quarantined' && ordinal > stop.failed_ordinal);
});

test('a shipment follows its order: while that has a case of its own, the message is not replayed', async () => {
  const { key, stop, payload } = await stopped();
  const response = await postShipment(
    estate,
    JSON.stringify({
      event_id: randomUUID(),
      warehouse: 'wms-east',
      reference: key,
      shipment_id: 'S-1',
      carrier: 'UPS',
      tracking_number: '1Z1',
      shipped_at: new Date().toISOString(),
      lines: [{ line_id: '1', sku: 'X', quantity: 1 }],
    }),
  );
  const { intake_seq } = (await response.json()) as { intake_seq: number };
  const message = transactionKey('wms-east', `intake-${intake_seq}`);
  const events = await estate.until(message, ({ status }) => status === 'quarantined');
  const child = await caseState(estate, events.at(-1)?.case_id ?? '');
  const replayChild = () => ask('case.replay', { actor: ana, case_id: child.case_id, revision: child.revision });
  const refused = await replayChild();
  expect(refused).toMatchObject({ ok: false, error: { code: 'refused', because: 'another_case_first' } });
  expect(refused.ok ? '' : refused.error.message).toContain(stop.case_id);

  const fixed = await commandOf(estate.nc, 'case.fix', {
    actor: ana,
    case_id: stop.case_id,
    revision: stop.revision,
    payload,
    reason: 'the right SKU',
  });
  await commandOf(estate.nc, 'case.replay', { actor: ana, case_id: stop.case_id, revision: fixed.case?.revision ?? 0 });
  await resolved(key, stop.case_id);
  expect(await replayChild()).toMatchObject({ ok: true });
});
