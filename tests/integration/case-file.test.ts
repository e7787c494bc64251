import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseFile } from '#app/cases/case-file.ts';
import { shareAnswers } from '#app/queries/cached.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { createMetrics } from '#platform/metrics.ts';
import { startClickHouse, type TestClickHouse } from '../support/clickhouse.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

let estate: TestEngine;
let store: TestClickHouse;
let ingest: Ingest;
beforeAll(async () => {
  estate = await startEngine();
  store = await startClickHouse();
  ingest = await createIngest({
    nc: estate.nc,
    clickhouse: store.clickhouse,
    log: estate.log,
    metrics: createMetrics('test', { defaults: false }),
    shards: 1,
    limits: { lingerMs: 20 },
  });
}, 120_000);
afterAll(async () => {
  await ingest.close();
  await store.close();
  await estate.close();
}, 60_000);

const isQuarantined = ({ status }: StepEvent) => status === 'quarantined';
const context = () => ({
  js: estate.js,
  jsm: estate.manager,
  estate: estate.estate,
  now: () => new Date(),
  read: shareAnswers((query, params) => runQuery(store.clickhouse, query, params)),
});

/** Resolves once ClickHouse has all steps of a transaction, told by ingest's own nudges. */
async function untilLanded(key: string, count: number): Promise<void> {
  const nudges = estate.nc.subscribe(subjects.nudge);
  const landed = async () =>
    (await store.clickhouse.query('SELECT count() AS n FROM steps WHERE key = {key:String}', { params: { key } }))[0]?.[
      'n'
    ] === count;
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  nudges.unsubscribe();
}

test('a case file has what a vendor needs to look into it, and no personal data, credentials or names of ours', async () => {
  const plain = orderDraft(estate.simulator, { id: 9_901 });
  const draft = { ...plain, customer: { ...plain.customer, lastName: 'Quillfeather' } };
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: 'Levy' })) }));
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, isQuarantined);
  await untilLanded(key, events.length);
  const id = events.at(-1)?.case_id ?? '';

  const text = (await caseFile(context(), id)) ?? '';
  const file = JSON.parse(text) as Record<string, unknown>;
  expect(file).toMatchObject({
    format: 'syncline-case-file/1',
    case: { id, status: 'open', times_failed: 1, trace_id: events[0]?.trace_id },
    problems: [{ class: 'mapping', path: '/lines/0/taxes/0/code' }],
    history: [{ what: expect.stringContaining('Syncline') as string }],
    received: [{ version: 1, document: { id: 9_901, line_items: expect.any(Array) as unknown[] } }],
  });
  // Digits as they arrived: a price is "19.99" and an id of any length is whole.
  expect(text).toContain('"price": "19.99"');
  for (const secret of [draft.customer.email, draft.customer.address.line1, draft.customer.lastName, 'sha256'])
    expect(text).not.toContain(secret);
  expect(text).toContain('‹hidden');
});

test('there is no file of a case that does not exist', async () => {
  expect(await caseFile(context(), 'nothing')).toBeUndefined();
  expect(await caseFile(context(), '*')).toBeUndefined();
});
