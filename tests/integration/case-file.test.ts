import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseFile } from '#app/cases/case-file.ts';
import { shareAnswers } from '#app/queries/cached.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

let landed: LandedEstate;
beforeAll(async () => {
  landed = await startLandedEstate();
}, 120_000);
afterAll(() => landed.close(), 60_000);

const isQuarantined = ({ status }: StepEvent) => status === 'quarantined';
const context = ({ estate, store }: LandedEstate) => ({
  js: estate.js,
  jsm: estate.manager,
  estate: estate.estate,
  now: () => new Date(),
  read: shareAnswers((query, params) => runQuery(store.clickhouse, query, params)),
});

test('a case file has what a vendor needs to look into it, and no personal data, credentials or names of ours', async () => {
  const { estate } = landed;
  const plain = orderDraft(estate.simulator, { id: 9_901 });
  const draft = { ...plain, customer: { ...plain.customer, lastName: 'Quillfeather' } };
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: 'Levy' })) }));
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, isQuarantined);
  await landed.untilLanded();
  const id = events.at(-1)?.case_id ?? '';

  const text = (await caseFile(context(landed), id)) ?? '';
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
  expect(await caseFile(context(landed), 'nothing')).toBeUndefined();
  expect(await caseFile(context(landed), '*')).toBeUndefined();
});
