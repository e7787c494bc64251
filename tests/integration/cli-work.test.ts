import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { type ShadowRun, shadowRun } from '#contracts/v1/shadow.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { caseState } from '#tests/support/cases.ts';
import { type CliEstate, startCliEstate } from '#tests/support/cli-estate.ts';
import { mappedTax, orderDraft } from '#tests/support/engine.ts';
import { enterByHand, misdirectedOrder } from '#tests/support/misdirected-order.ts';
import { runUntil } from '#tests/support/repair-runs.ts';

const isOver = ({ step, status }: StepEvent) => status === 'quarantined' || step === 'settle';

let cli: CliEstate;
let nextId = 890_000;

beforeAll(async () => {
  cli = await startCliEstate();
}, 60_000);
afterAll(() => cli.close());

/** An order with this tax, once it was settled or stopped. */
async function place(levy: string): Promise<{ key: string; last: StepEvent | undefined }> {
  const draft = orderDraft(cli.estate.simulator, { id: ++nextId });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: levy })) }));
  const key = await cli.estate.placeOrder({ ...draft, lines });
  return { key, last: (await cli.estate.until(key, isOver)).at(-1) };
}

/** @returns the case of an order that this tax stops */
async function stoppedBy(levy: string): Promise<CaseState> {
  const { last } = await place(levy);
  return caseState(cli.estate, last?.case_id ?? '');
}

const patchOf = (from: string) =>
  cli.fileOf(
    'patch.json',
    JSON.stringify([{ op: 'replace', path: '/line_items/*/tax_lines/*/title', was: from, value: mappedTax.title }]),
  );

async function untilTried(id: string): Promise<void> {
  const consumer = await cli.estate.js.consumers.get(streams.repairs, { filter_subjects: subjects.shadowRun(id) });
  for await (const message of await consumer.consume())
    if (shadowRun.parse(message.json()).status !== 'running') return;
}

it('FEATURE rules: one is made, tried on its cause, switched on, and stops with all others at one switch', async () => {
  const levy = 'Quay levy';
  const { fingerprint } = await stoppedBy(levy);
  const patch = await patchOf(levy);
  await cli.done(
    ...['rules', 'put', 'quay', '--name', 'The quay levy is the state tax', '--cause', fingerprint, '--patch', patch],
    ...['--days', '30', '--off', '--reason', 'renamed'],
  );
  expect((await place(levy)).last?.status).toBe('quarantined');

  const started = await cli.json<{ shadow: ShadowRun }>('shadow', 'run', '--patch', patch, '--cause', fingerprint);
  const trial = started.shadow.shadow_id;
  await untilTried(trial);
  expect(await cli.json('shadow', 'show', trial)).toMatchObject({
    status: 'done',
    different: 2,
    change: { scope: { fingerprint } },
  });
  const shown = await cli.done('shadow', 'show', trial);
  expect(shown).toContain('0 the same, 2 different');
  expect(shown).toMatch(/2 {2}validate[^]*after: {2}goes on/);

  await cli.done('rules', 'on', 'quay', '--reason', 'as tried');
  const { key, last } = await place(levy);
  expect(last?.step).toBe('settle');
  expect((await cli.estate.events(key)).find(({ step }) => step === 'repair_rule_applied')?.attributes).toMatchObject({
    repair_rule: 'quay',
    rule_version: '2',
  });

  await cli.done('rules', 'kill', '--reason', 'the shop changes its taxes');
  expect((await place(levy)).last?.status).toBe('quarantined');
  expect(await cli.done('rules', 'list')).toMatch(/Every rule is switched off: the shop changes its taxes[^]*quay/);
  await cli.done('rules', 'revive', '--reason', 'as they were');
  expect((await place(levy)).last?.step).toBe('settle');
  await cli.done('rules', 'off', 'quay', '--reason', 'done with');
  const { rules } = await cli.json<{ rules: RepairRule[] }>('rules', 'list');
  expect(rules).toMatchObject([{ rule_id: 'quay', version: 3, enabled: false, reason: 'done with' }]);
}, 90_000);

it('FEATURE repairs: a cause is tried, started, and told case by case', async () => {
  const levy = 'Lock levy';
  const stops = [await stoppedBy(levy), await stoppedBy(levy)];
  const patch = await patchOf(levy);
  const { run } = await cli.json<{ run: RepairRun }>(
    ...['repairs', 'try', '--cause', stops[0]?.fingerprint ?? '', '--patch', patch, '--reason', 'renamed'],
  );
  await runUntil(cli.estate, run.run_id, ({ status }) => status === 'tried');
  expect(await cli.done('repairs', 'show', run.run_id)).toMatch(/tried, 2 cases[^]* 2 {2}would cure/);
  await cli.done('repairs', 'start', run.run_id, '--rate', '50');
  await runUntil(cli.estate, run.run_id, ({ status }) => status === 'done');
  const items = await cli.json<RepairItem[]>('repairs', 'report', run.run_id, '--outcome', 'resolved');
  expect(items.map(({ case_id }) => case_id).sort()).toEqual(stops.map(({ case_id }) => case_id).sort());
  for (const { case_id, key } of stops) {
    expect(await caseState(cli.estate, case_id)).toMatchObject({ status: 'resolved', repair_run: run.run_id });
    await cli.estate.until(key, ({ step }) => step === 'settle');
  }
}, 60_000);

it('FEATURE shadow: a mapping is tried on the last payloads, and nothing is changed', async () => {
  const { case_id, revision } = await stoppedBy('Dyke levy');
  const { shadow } = await cli.json<{ shadow: ShadowRun }>(
    ...['shadow', 'run', '--mapping', 'tax_code:netsuite:Dyke levy=NY-STATE', '--payloads', '1'],
  );
  await untilTried(shadow.shadow_id);
  expect(await cli.json('shadow', 'show', shadow.shadow_id)).toMatchObject({ wanted: 1, different: 1, same: 0 });
  expect(await caseState(cli.estate, case_id)).toMatchObject({ status: 'open', revision });
});

describe('FEATURE cases', () => {
  it('one whose document was made by hand goes on after that step', async () => {
    const order = await misdirectedOrder(cli.estate, ++nextId);
    const number = await enterByHand(cli.estate, order);
    const told = await cli.done('cases', 'done-outside', order.caseId, number, '--note', 'entered by hand');
    expect(told).toContain(`${number} was found in`);
    const events = await cli.estate.until(order.key, ({ step }) => step === 'settle');
    const made = events.filter(({ step, status }) => step === 'erp_create_sales_order' && status === 'completed');
    expect(made).toHaveLength(1);
    expect(await cli.done('cases', 'show', order.caseId)).toContain('done_outside');
  });

  it('one that was discarded is opened again, and its order goes on when it is replayed', async () => {
    const { case_id, key } = await stoppedBy('Weir levy');
    await cli.done('cases', 'discard', case_id, '--reason', 'a trial order');
    await cli.done('cases', 'restore', case_id);
    await cli.done('mappings', 'put', 'tax_code', 'netsuite', 'Weir levy', 'NY-STATE', '--reason', 'agreed');
    expect(await cli.json('cases', 'replay', case_id, '--wait', '30')).toMatchObject({ status: 'resolved' });
    expect((await cli.estate.until(key, ({ step }) => step === 'settle')).at(-1)?.step).toBe('settle');
  });

  it('one is written as a file for a vendor’s support desk, without personal data, and the audit says so', async () => {
    const { case_id } = await stoppedBy('Sluice levy');
    const text = await cli.done('cases', 'file', case_id);
    expect(JSON.parse(text)).toMatchObject({
      format: 'syncline-case-file/1',
      case: { id: case_id, status: 'open' },
      problems: [{ class: 'mapping', message: expect.stringContaining('Sluice levy') as string }],
      received: [{ version: 1 }],
    });
    expect(text).not.toContain('test.customer@example.com');
    const [act] = await (await openAudit(cli.estate.nc, cli.estate.log)).latest(1);
    expect(act).toMatchObject({
      action: 'exported',
      object_id: case_id,
      actor: expect.stringMatching(/^cli:/) as string,
    });
  });
});
