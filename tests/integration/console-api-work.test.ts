import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import { workScope } from '#contracts/v1/channel-api.ts';
import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import type { ShadowRun } from '#contracts/v1/shadow.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { caseState } from '#tests/support/cases.ts';
import { type ConsoleApi, startConsoleApi } from '#tests/support/console-api.ts';
import { mappedTax, orderDraft } from '#tests/support/engine.ts';
import { enterByHand, misdirectedOrder } from '#tests/support/misdirected-order.ts';
import { runUntil } from '#tests/support/repair-runs.ts';

const isOver = ({ step, status }: StepEvent) => status === 'quarantined' || step === 'settle';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let api: ConsoleApi;
let nextId = 780_000;

beforeAll(async () => {
  api = await startConsoleApi({
    program: { scopes: workScope.options },
    writer: { scopes: ['cases.read', 'payloads.read', 'rules.write'] },
  });
}, 90_000);
afterAll(() => api.close());

/** Asks as the program that may do everything. */
const got = <T>(path: string, body?: unknown): Promise<T> => api.got<T>('program', path, body);

/** An order with this tax. @returns the steps it took until it was settled or stopped */
async function place(levy: string): Promise<StepEvent[]> {
  const { estate } = api.landed;
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: levy })) }));
  return estate.until(await estate.placeOrder({ ...draft, lines }), isOver);
}

const renames = (from: string, to = mappedTax.title) => ({
  kind: 'patch',
  operations: [{ op: 'replace', path: '/line_items/*/tax_lines/*/title', was: from, value: to }],
});

async function trial(change: object, more: object = {}): Promise<ShadowRun> {
  const { shadow } = await api.got<{ shadow: ShadowRun }>('writer', '/shadow-runs', { change, ...more });
  const now = () => api.got<ShadowRun>('writer', `/shadow-runs/${shadow.shadow_id}`);
  await expect.poll(now, { timeout: 20_000 }).toMatchObject({ status: 'done' });
  return now();
}

describe('repair rules', () => {
  it('one is made, tried on what arrived, switched on, and lets an order go on; all stop at one switch', async () => {
    const { id, levy } = await api.stopped();
    const { fingerprint } = await caseState(api.landed.estate, id);
    const scope = { fingerprint, channels: [], legal_entities: [] };
    const rule = {
      version: 0,
      name: 'The levy is the state tax',
      scope,
      repair: renames(levy),
      enabled: false,
      expires_at: inDays(30),
      reason: 'renamed',
    };
    const made = await api.got<{ rule: RepairRule }>('writer', '/repair-rules/levy', rule);
    expect(made.rule).toMatchObject({ version: 1, enabled: false, owner: 'api:writer' });
    // Off, it does nothing.
    expect((await place(levy)).at(-1)?.status).toBe('quarantined');

    const tried = await trial({ kind: 'repair', repair: rule.repair, scope }, { payloads: 10, cases: [id] });
    expect(tried.differences).toContainEqual(expect.objectContaining({ step: 'validate', after: 'goes on' }));
    expect(tried.not_cured ?? []).toEqual([]);

    await api.got('writer', '/repair-rules/levy', { ...rule, version: 1, enabled: true });
    expect((await api.refused('writer', '/repair-rules/levy', 409, { ...rule, version: 1 })).type).toContain(
      'conflict',
    );
    const events = await place(levy);
    expect(events.at(-1)?.step).toBe('settle');
    expect(events.find(({ step }) => step === 'repair_rule_applied')?.attributes).toMatchObject({
      repair_rule: 'levy',
      rule_version: '2',
    });
    expect(await got('/repair-rules')).toMatchObject({ enabled: true, rules: [{ rule_id: 'levy', version: 2 }] });

    await api.got('writer', '/repair-rules-switch', { enabled: false, reason: 'the shop changes its taxes' });
    expect((await place(levy)).at(-1)?.status).toBe('quarantined');
    expect(await got('/repair-rules')).toMatchObject({ enabled: false, rules: [{ enabled: true }] });
    await api.got('writer', '/repair-rules-switch', { enabled: true, reason: 'as they were' });
    expect((await place(levy)).at(-1)?.step).toBe('settle');
    expect(await got('/repair-rules/levy')).toMatchObject({ version: 2, enabled: true });
  }, 60_000);
});

describe('repairs of many', () => {
  it('a cause is tried, started and told case by case, as JSON and as a file', async () => {
    const levy = 'Canal levy';
    const [one, two] = [await api.stopped({ levy }), await api.stopped({ levy })];
    const { fingerprint } = await caseState(api.landed.estate, one.id);
    const { run } = await got<{ run: RepairRun }>('/repairs', {
      fingerprint,
      repair: renames(levy),
      reason: 'renamed',
    });
    const { estate } = api.landed;
    await runUntil(estate, run.run_id, ({ status }) => status === 'tried');
    expect(await got(`/repairs/${run.run_id}`)).toMatchObject({ items: 2, counts: { would_cure: 2 } });
    expect(await caseState(estate, one.id)).toMatchObject({ status: 'open', revision: 1 });

    await got(`/repairs/${run.run_id}/start`, { rate_per_s: 50 });
    await runUntil(estate, run.run_id, ({ status }) => status === 'done');
    for (const { id, key } of [one, two]) {
      expect(await caseState(estate, id)).toMatchObject({ status: 'resolved', repair_run: run.run_id });
      await estate.until(key, ({ step }) => step === 'settle');
    }
    const { items } = await got<{ items: RepairItem[] }>(`/repairs/${run.run_id}/items?outcome=resolved`);
    expect(items.map(({ case_id }) => case_id).sort()).toEqual([one.id, two.id].sort());
    expect(await got(`/repairs/${run.run_id}/items?outcome=not_cured`)).toMatchObject({ items: [], total: 0 });
    const report = await api.ask('program', `/repairs/${run.run_id}/items.csv`);
    expect(report.headers.get('content-type')).toContain('text/csv');
    const [head, ...lines] = (await report.text()).trim().split('\r\n');
    expect(head).toBe('case_id,business_key,outcome,message,amount,currency,at');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain(',resolved,');
    expect(await got('/repairs?status=done')).toMatchObject({ total: 1, repairs: [{ run_id: run.run_id }] });
  }, 60_000);

  it('one that is not wanted any more is aborted, and what it had not touched stays open', async () => {
    const { id } = await api.stopped();
    const { run } = await got<{ run: RepairRun }>('/repairs', { cases: [id], repair: { kind: 'none' }, reason: 'x' });
    await runUntil(api.landed.estate, run.run_id, ({ status }) => status === 'tried');
    await api.refused('program', `/repairs/${run.run_id}/start`, 409, { rate_per_s: 1 });
    await got(`/repairs/${run.run_id}/abort`, { reason: 'It does not help' });
    expect(await got(`/repairs/${run.run_id}`)).toMatchObject({ status: 'aborted' });
    expect((await caseState(api.landed.estate, id)).status).toBe('open');
  });
});

describe('shadow trials', () => {
  it('a mapping is tried on what arrived last: what would differ, and nothing is changed', async () => {
    const { id, levy } = await api.stopped();
    const mapping = { kind: 'tax_code', system: 'netsuite', code: levy, target: 'NY-STATE' };
    const tried = await trial({ kind: 'repair', repair: { kind: 'mapping', mapping } }, { payloads: 3 });
    expect(tried).toMatchObject({ wanted: 3, tried: 3, same: 2, different: 1 });
    expect(tried.differences).toMatchObject([{ step: 'validate', after: 'goes on', payloads: 1 }]);
    expect(await caseState(api.landed.estate, id)).toMatchObject({ status: 'open', revision: 1 });
    const { shadow_runs } = await api.got<{ shadow_runs: ShadowRun[] }>('writer', '/shadow-runs?per_page=1');
    expect(shadow_runs.map(({ shadow_id }) => shadow_id)).toEqual([tried.shadow_id]);
    await api.refused('writer', `/shadow-runs/${tried.shadow_id}/abort`, 409, {});
  }, 40_000);
});

describe('a case', () => {
  it('whose document was made by hand goes on after that step', async () => {
    const { estate } = api.landed;
    const order = await misdirectedOrder(estate, ++nextId);
    const outside = (document_number: string) => ({ revision: 1, document_number, note: 'entered by hand' });
    const path = `/cases/${order.caseId}/done-outside`;
    expect((await api.refused('program', path, 409, outside('SO0'))).detail).toContain('NetSuite');
    const number = await enterByHand(estate, order);
    expect(await got(path, outside(number))).toMatchObject({ message: expect.stringContaining(number) as string });
    const events = await estate.until(order.key, ({ step }) => step === 'settle');
    expect(
      events.filter(({ step, status }) => step === 'erp_create_sales_order' && status === 'completed'),
    ).toHaveLength(1);
    expect(await caseState(estate, order.caseId)).toMatchObject({ status: 'done_outside' });
  });

  it('that was discarded is opened again, and then its order can go on', async () => {
    const { id, key, levy } = await api.stopped();
    const discarded = await got<{ case: CaseState }>(`/cases/${id}/discard`, { revision: 1, reason: 'a trial order' });
    await api.refused('program', `/cases/${id}/replay`, 409, { revision: discarded.case.revision });
    const restored = await got<{ case: CaseState }>(`/cases/${id}/restore`, { revision: discarded.case.revision });
    expect(restored.case).toMatchObject({ status: 'open', closed_at: '', outcome: '' });
    const { payload, revision } = await got<{ payload: string; revision: number }>(`/cases/${id}/payload`);
    const fixed = await got<{ case: CaseState }>(`/cases/${id}/fix`, {
      revision,
      payload: payload.replaceAll(levy, mappedTax.title),
      reason: 'renamed',
    });
    await got(`/cases/${id}/replay`, { revision: fixed.case.revision });
    expect((await api.landed.estate.until(key, ({ step }) => step === 'settle')).at(-1)?.step).toBe('settle');
  });

  it('is taken as one file for a vendor’s support desk, without personal data, and the audit says by whom', async () => {
    const { id, levy } = await api.stopped();
    await api.refused('program', '/cases/nope/file', 404);
    const answer = await api.ask('program', `/cases/${id}/file`);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      format: 'syncline-case-file/1',
      case: { id, status: 'open' },
      problems: [{ class: 'mapping', message: expect.stringContaining(levy) as string }],
      received: [{ version: 1 }],
    });
    expect(text).not.toContain('test.customer@example.com');
    await expect
      .poll(async () => (await api.acts()).filter((act) => act.object_id === id).map(({ action }) => action))
      .toContain('exported');
  });
});
