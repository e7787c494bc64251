import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Flow } from '#contracts/v1/step-event.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';
import { queryDatabase } from '#platform/clickhouse/query-views.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { at, createOrderStory } from '../support/order-story.ts';

/** What nobody who asks may be shown, wherever it stands. */
const personal = {
  name: 'Anna Beispielsdottir',
  email: 'anna@beispiel.example',
  street: 'Zwetschgenweg 17b',
  phone: '+49 151 55501234',
};
const all = Object.values(personal).join(', ');
/** By what a shop knows its customer. */
const customer = 'cust-88001234';
const written = {
  ref_customer_email: personal.email,
  customer_name: personal.name,
  shipping_address: `${personal.name}, ${personal.street}`,
  phone: personal.phone,
  reason: all,
};

let store: TestClickHouse;
beforeAll(async () => {
  store = await startClickHouse();
  const story = createOrderStory();
  const orderOf = (key: string, number: string) => ({
    ...{
      key: `shop==${key}`,
      number,
      placed: -5,
      channel: 'web',
      amount: '9.50',
      currency: 'USD',
      deadline: undefined,
    },
  });
  const flows: Flow[] = ['order_to_cash', 'return_to_refund', 'marketplace_settlement', 'store_settlement'];
  for (const [i, flow] of flows.entries()) {
    const order = orderOf(String(i), `#${i}`);
    const posting = { ...written, document: 'sales_order', posting_key: `so-${i}`, ref_order_number: `#${i}` };
    story.add(order, 'intake_received', i, { flow, attributes: written });
    story.add(order, 'erp_create_sales_order', 10 + i, { flow, system: 'erp', attributes: posting });
    const failed = { status: 'failed', error_class: 'validation', error_code: 'BAD', error_message: all } as const;
    story.add(order, 'erp_post_invoice', 20 + i, { flow, system: 'erp', attributes: posting, ...failed });
    const problem = { error_class: 'validation', error_code: 'BAD', path: '/email', document: 'received' } as const;
    const people = { assignee: personal.email, fixed_by: personal.email, authors: [personal.email], outcome: all };
    story.addCase(order, `case-${i}`, 'cause', [
      {
        type: 'opened',
        minutes: 20 + i,
        more: { flow, ...people, problems: [{ ...problem, message: all }] },
        detail: { all },
      },
    ]);
  }
  const known = orderOf(`customer-${customer}`, `${customer}@shop`);
  story.add(known, 'validate', 30, {
    flow: 'customer_sync',
    attributes: { ...written, ref_external_id: customer, ref_order_number: customer },
  });
  await story.land(store.clickhouse);
  const seen = {
    at: at(0),
    occurred_at: at(0),
    first_seen_at: at(0),
    last_seen_at: at(0),
    times_seen: 1,
    stream_seq: 1,
  };
  const found = {
    event_id: 'b:1',
    break_id: 'b',
    revision: 1,
    status: 'open',
    domain: 'orders',
    kind: 'order_never_arrived',
  };
  const told = { actor: personal.email, assignee: personal.email, note: all, reason: all };
  await store.clickhouse.insertRaw(
    'reconciliation_breaks_landing',
    new TextEncoder().encode(JSON.stringify({ ...found, ...seen, ...told })),
    { input_format_skip_unknown_fields: 1, date_time_input_format: 'best_effort' },
  );
}, 60_000);
afterAll(() => store.close());

const rowsOf = (table: string) => store.clickhouse.query(`SELECT * FROM ${table}`);

it('personal data that stand in steps, postings, references, cases and breaks are in no table that Query offers', async () => {
  // They are there.
  for (const [table, what] of [
    ['steps', all],
    ['posting_attempts', all],
    ['transaction_references', personal.email],
    ['cases', personal.email],
    ['reconciliation_breaks', personal.email],
  ] as const)
    expect(JSON.stringify(await rowsOf(`syncline.${table}`)), table).toContain(what);

  const filled = ['steps', 'transactions', 'postings', 'posting_attempts', 'cases', 'reconciliation_breaks'];
  for (const { name } of queryTables) {
    const rows = await rowsOf(`${queryDatabase(store.clickhouse)}.${name}`);
    if (filled.includes(name)) expect(rows.length, name).toBeGreaterThan(0);
    const text = JSON.stringify(rows).toLowerCase();
    for (const value of Object.values(personal)) expect(text, name).not.toContain(value.toLowerCase());
  }
});

it('no number leads to a customer, and other numbers lead to their transactions', async () => {
  expect(JSON.stringify(await rowsOf('syncline.transaction_references'))).toContain(customer);
  const rows = await rowsOf(`${queryDatabase(store.clickhouse)}.transaction_references`);
  expect(JSON.stringify(rows)).not.toContain(customer);
  expect(rows.map(({ value }) => value)).toContain('#0');
});
