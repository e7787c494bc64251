import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { failureOf, TestConnectors } from '#tests/support/connectors.ts';

/** What is booked in the ERP, also where its answer is lost. */
let vendors: TestConnectors;
beforeAll(async () => {
  vendors = await TestConnectors.start();
});
afterEach(() => vendors.simulator.conditions.clearFaults());
afterAll(() => vendors.close());

describe('NetSuite', () => {
  const taxCodes = { 'State Tax': 'NY-STATE', 'City Tax': 'NY-CITY' };
  const input = (order: Order) => ({
    order,
    postingKey: `${order.external_id}==so:1`,
    subsidiary: '2',
    location: 'dc-east',
    taxCodes,
  });
  const documents = (order: Order) =>
    vendors.find('netsuite', 'salesOrders', 'externalId', `${order.external_id}==so:1`);

  test('a sales order is booked once with the exact total, and goes by its number', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('netsuite', 'create_sales_order');
    const made = await vendors.perform('netsuite', verb, input(order));
    expect(made.documentNumber).toBe(`SO${made.documentId}`);
    expect(documents(order)).toMatchObject([{ total: 88.08, subsidiary: '2', currency: 'USD' }]);
    expect(await verb.find?.(input(order), vendors.sendTo('netsuite'))).toEqual(made);
    expect(await vendors.perform('netsuite', verb, input(order))).toEqual(made);
    expect(documents(order)).toHaveLength(1);
  });

  test('a sales order whose answer was lost is found by its posting key', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('netsuite', 'create_sales_order');
    expect(await verb.find?.(input(order), vendors.sendTo('netsuite'))).toBeUndefined();
    const found = await vendors.loseAnswerAndFind('netsuite', verb, input(order));
    expect(found.documentNumber).toBe(`SO${found.documentId}`);
    expect(documents(order)).toHaveLength(1);
  });

  test('a tax code the ERP does not know leads to the tax of the canonical order', async () => {
    const order = vendors.placed();
    const refused = vendors.perform('netsuite', vendors.verbOf('netsuite', 'create_sales_order'), {
      ...input(order),
      taxCodes: { ...taxCodes, 'City Tax': 'NOWHERE' },
    });
    expect(await failureOf(refused)).toMatchObject({
      errorClass: 'mapping',
      code: 'USER_ERROR',
      path: '/lines/0/taxes/1/code',
      retryable: false,
      mayHaveHappened: false,
    });
  });

  test('an item the ERP does not know leads to the SKU of the canonical order', async () => {
    const order = vendors.placed();
    const lines = order.lines.map((line, i) => (i === 1 ? { ...line, sku: 'NO-SUCH-SKU' } : line));
    const refused = vendors.perform(
      'netsuite',
      vendors.verbOf('netsuite', 'create_sales_order'),
      input({ ...order, lines }),
    );
    expect(await failureOf(refused)).toMatchObject({ errorClass: 'rejected', path: '/lines/1/sku' });
  });

  test('a sales order is cancelled; the invoice of another is posted once', async () => {
    const order = vendors.placed();
    const { documentId } = await vendors.perform(
      'netsuite',
      vendors.verbOf('netsuite', 'create_sales_order'),
      input(order),
    );
    const invoice = vendors.verbOf('netsuite', 'post_invoice');
    const posting = {
      order,
      postingKey: `${order.external_id}==invoice`,
      salesOrderId: documentId,
      salesOrderPostingKey: input(order).postingKey,
    };
    const found = await vendors.loseAnswerAndFind('netsuite', invoice, posting);
    expect(found.documentNumber).toBe(`INV${found.documentId}`);
    expect(await vendors.perform('netsuite', invoice, posting)).toEqual(found);
    expect(vendors.find('netsuite', 'invoices', 'createdFrom', documentId)).toMatchObject([{ total: 88.08 }]);

    const other = vendors.placed();
    const booked = await vendors.perform('netsuite', vendors.verbOf('netsuite', 'create_sales_order'), input(other));
    const cancel = vendors.verbOf('netsuite', 'cancel_sales_order');
    const cancelled = { postingKey: input(other).postingKey, documentId: booked.documentId };
    expect(await cancel.find?.(cancelled, vendors.sendTo('netsuite'))).toBeUndefined();
    expect(await vendors.loseAnswerAndFind('netsuite', cancel, cancelled)).toEqual({ documentId: booked.documentId });
    expect(documents(other)).toMatchObject([{ cancelled: true }]);
  });

  test('books a journal once, also where its answer is lost, and names the account that the estate does not map', async () => {
    const verb = vendors.verbOf('netsuite', 'post_journal');
    const entry = {
      schema_version: 1 as const,
      posting_key: 'day-store-001-2026-03-01',
      legal_entity: 'us-retail',
      currency: 'USD',
      date: '2026-03-01',
      memo: 'Takings of store 001',
      lines: [
        { account: 'cash', debit: '1080.10', memo: '' },
        { account: 'sales', credit: '1000.09', memo: '' },
        { account: 'sales-tax', credit: '80.01', memo: '' },
      ],
    };
    const posted = await vendors.loseAnswerAndFind('netsuite', verb, { journal: entry, subsidiary: '2' });
    expect(posted.documentNumber).toMatch(/^JE/);
    expect(await vendors.perform('netsuite', verb, { journal: entry, subsidiary: '2' })).toEqual(posted);
    expect(vendors.find('netsuite', 'journalEntries', 'externalId', entry.posting_key)).toMatchObject([
      { total: 1080.1, subsidiary: '2', currency: 'USD', date: '2026-03-01', upserts: 1 },
    ]);

    const [first, ...others] = entry.lines;
    const strange = {
      ...entry,
      posting_key: 'other',
      lines: [{ ...first, account: 'petty-cash', memo: '' }, ...others],
    };
    expect(await failureOf(vendors.perform('netsuite', verb, { journal: strange, subsidiary: '2' }))).toMatchObject({
      retryable: false,
      code: 'NO_ACCOUNT',
      path: '/lines/0/account',
    });
    const unbalanced = { ...entry, posting_key: 'third', lines: entry.lines.slice(0, 2) };
    expect(await failureOf(vendors.perform('netsuite', verb, { journal: unbalanced, subsidiary: '2' }))).toMatchObject({
      path: '/lines',
    });
  });

  test('maintenance and throttling say when to come again, and that nothing happened', async () => {
    vendors.simulator.conditions.setFault('netsuite', 'throttle', 1);
    const verb = vendors.verbOf('netsuite', 'create_sales_order');
    expect(await failureOf(vendors.perform('netsuite', verb, input(vendors.placed())))).toMatchObject({
      errorClass: 'throttled',
      retryable: true,
      mayHaveHappened: false,
      retryAfterMs: expect.any(Number) as number,
    });
    vendors.simulator.conditions.clearFaults();
    vendors.simulator.conditions.setFault('netsuite', 'error', 1);
    expect(await failureOf(vendors.perform('netsuite', verb, input(vendors.placed())))).toMatchObject({
      errorClass: 'unavailable',
      code: 'UNEXPECTED_ERROR',
      mayHaveHappened: true,
    });
  });
});
