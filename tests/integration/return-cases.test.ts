import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandRequest } from '#contracts/v1/commands.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { untilNoneHeld } from '../support/intake.ts';
import { heldBriefly, openReturns, quarantine, someOf, support, type TestReturns } from '../support/return-work.ts';
import { ledgers, postReceipt, untilReturn } from '../support/returns.ts';

/** Returns that stop until a person has decided. */
let engine: TestEngine;
let returns: TestReturns;

beforeAll(async () => {
  engine = await startEngine({ estate: heldBriefly });
  returns = await openReturns(engine);
}, 120_000);
afterAll(() => engine.close());

describe('what cannot be processed', () => {
  test('is held while its order is unknown, then a case, and goes on once the order is there', async () => {
    const id = `HM-${returns.newId()}`;
    const key = await returns.market.request(`RMA-${id}`, id, someOf(1));
    const stopped = quarantine(await untilReturn(engine, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({ error_code: 'unknown_order', error_path: '/order' });
    await returns.market.order(id);
    await returns.replay(stopped.case_id);
    await untilReturn(engine, key, 'authorise');
  }, 60_000);

  test('a parcel that nobody announced and that says no reason is a case naming the field, and after its correction refunded', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const [item] = engine.simulator.catalogue.active;
    const receipt = {
      receipt_id: `R-${id}`,
      reference: orderKey,
      location_code: 'dc-east',
      received_at: new Date().toISOString(),
      version: 7,
      lines: [{ line_id: 'L1', sku: item?.sku, quantity: 1, condition: 'sellable' }],
    };
    expect((await postReceipt(engine, receipt)).status).toBe(200);
    const key = transactionKey('wms-east', `return-R-${id}`);
    const stopped = quarantine(await untilReturn(engine, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({
      error_class: 'validation',
      error_code: 'missing_reason_code',
      error_path: '/lines/0/reason_code',
    });
    await returns.correct(stopped.case_id, {
      ...receipt,
      lines: receipt.lines.map((line) => ({ ...line, reason_code: 'too_small' })),
    });
    await untilReturn(engine, key, 'close');
    expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: 37.02 })]);
    expect(await caseState(engine, stopped.case_id)).toMatchObject({ status: 'resolved' });
  }, 60_000);

  test('a refund that could not be read and was corrected is not run again when the shop tells of it legibly', async () => {
    const id = returns.newId();
    await returns.shopOrder(id, 5_000);
    const refund = {
      ...{ id: id + 500_000, order_id: id, created_at: new Date().toISOString() },
      transactions: [
        { id: id + 600_000, parent_id: returns.captureOf(id)?.id, kind: 'refund', status: 'success', amount: '4.00' },
      ],
    };
    const told = async (body: object) =>
      expect((await engine.postShopify('refunds/create', JSON.stringify(body))).status).toBe(200);
    await told({ ...refund, created_at: 'yesterday' });
    const unread = await returns.firstQuarantined('shopify-us==intake-');
    expect(unread).toMatchObject({ step: 'authorise', error_path: '/created_at' });
    await returns.correct(unread.case_id, refund);
    const events = await untilReturn(engine, unread.key, 'close');
    expect(events.at(-1)).toMatchObject({ amount: '4.00', currency: 'USD' });

    await told(refund);
    await untilNoneHeld(engine, 'return');
    const own = transactionKey('shopify-us', `return-${refund.id}`);
    expect(await engine.events(own, 'return_to_refund')).toEqual([]);

    // Read the other way round: the legible one has begun, and then the other is corrected.
    const another = { ...refund, id: refund.id + 1 };
    await told(another);
    await untilReturn(engine, transactionKey('shopify-us', `return-${another.id}`), 'close');
    await told({ ...another, created_at: 'today' });
    const late = await returns.firstQuarantined('shopify-us==intake-', unread.key);
    await returns.correct(late.case_id, another);
    const ended = await untilReturn(engine, late.key, 'authorise', 'superseded');
    expect(ended.at(-1)?.attributes['reason']).toContain(`return ${another.id}`);
    expect(await caseState(engine, late.case_id)).toMatchObject({ status: 'resolved' });
  }, 60_000);

  test('a reason code that is not mapped goes on once it is', async () => {
    const id = `HM-${returns.newId()}`;
    await returns.market.order(id);
    const key = await returns.market.request(`RMA-${id}`, id, someOf(1, { reason_code: `Z-${id}` }));
    const stopped = quarantine(await untilReturn(engine, key, 'authorise', 'quarantined'));
    expect(stopped).toMatchObject({ error_class: 'mapping', error_path: '/lines/0/reason_code' });
    const [problem] = (await caseState(engine, stopped.case_id)).problems;
    expect(problem?.missing_mapping).toEqual({ kind: 'return_reason', system: 'marketplace', code: `Z-${id}` });
    const mapping = { kind: 'return_reason' as const, system: 'marketplace', code: `Z-${id}`, target: 'defective' };
    await commandOf(engine.nc, 'mapping.put', {
      ...mapping,
      actor: support,
      reason: 'new code',
      case_id: stopped.case_id,
    });
    await returns.replay(stopped.case_id);
    await untilReturn(engine, key, 'authorise');
  });

  test('a receipt that says no reason either is a case of its own, and its return waits for it', async () => {
    const id = `HM-${returns.newId()}`;
    const orderKey = await returns.market.order(id);
    const key = await returns.market.request(`RMA-${id}`, id, [{ line_id: 'L1', quantity: 1 }]);
    await untilReturn(engine, key, 'authorise');
    await returns.receive(
      orderKey,
      1,
      { return_number: `RMA-${id}`, receipt_id: `R-${id}` },
      { reason_code: undefined },
    );
    const stopped = await returns.firstQuarantined('wms-east==message-');
    expect(stopped).toMatchObject({
      step: 'apply_return_message',
      error_code: 'missing_reason_code',
      error_path: '/lines/0/reason_code',
    });
    const [item] = engine.simulator.catalogue.active;
    await returns.correct(stopped.case_id, {
      receipt_id: `R-${id}`,
      reference: orderKey,
      return_number: `RMA-${id}`,
      location_code: 'dc-east',
      received_at: new Date().toISOString(),
      version: 8,
      lines: [{ line_id: 'L1', sku: item?.sku, quantity: 1, condition: 'sellable', reason_code: 'late' }],
    });
    const events = await untilReturn(engine, key, 'close');
    expect(events.find(({ step }) => step === 'received')?.attributes).toMatchObject({ reasons: 'late' });
  }, 60_000);
});

describe('a refund above the limit', () => {
  test('goes out only when a second person has approved it', async () => {
    const id = returns.newId();
    const { key: orderKey, line, sku } = await returns.shopOrder(id);
    await returns.receive(orderKey, 2, { receipt_id: `R-${id}` }, { line_id: line, sku });
    const key = transactionKey('wms-east', `return-R-${id}`);
    const stopped = quarantine(await untilReturn(engine, key, 'approve_refund', 'quarantined'));
    expect(stopped).toMatchObject({
      error_code: 'refund_needs_approval',
      error_path: '/refund/amount',
      amount: '620.34',
    });

    const asked = await returns.replay(stopped.case_id);
    expect(asked.case).toMatchObject({ status: 'awaiting_approval', approval: { amount: '620.34', currency: 'USD' } });
    const approve = (actor: CommandRequest<'case.approve'>['actor']) =>
      requestCommand(engine.nc, 'case.approve', {
        actor,
        case_id: stopped.case_id,
        revision: asked.case?.revision ?? 0,
      });
    expect(await approve({ id: 'sam', roles: ['operations'] })).toMatchObject({
      ok: false,
      error: { because: 'same_person' },
    });
    expect(ledgers(engine).shopOrder(String(id))?.refunds).toEqual([]);
    expect(await approve({ id: 'fay', roles: ['finance'] })).toMatchObject({ ok: true });
    await untilReturn(engine, key, 'close');
    expect(ledgers(engine).shopOrder(String(id))).toMatchObject({ captured: '620.34', refunded: '620.34' });
    expect(ledgers(engine).creditsOf(key)).toEqual([expect.objectContaining({ total: 620.34, currency: 'USD' })]);
  }, 60_000);
});
