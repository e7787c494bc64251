import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import { previewRule, saveRule, switchAllRules, switchRule } from '#app/commands/rule.ts';
import { startShadow } from '#app/commands/shadow.ts';
import { presentSuggestions } from '#app/presenters/case-suggestions.ts';
import { presentNewRule } from '#app/presenters/new-rule.ts';
import { presentRule } from '#app/presenters/rule-page.ts';
import { presentRules } from '#app/presenters/rules.ts';
import { presentShadow, presentShadows } from '#app/presenters/shadows.ts';
import { shareAnswers } from '#app/queries/cached.ts';
import { followRepairRuns, type RepairRuns } from '#app/server/repair-runs.ts';
import { followRepairs, type Repairs } from '#app/server/repairs.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { shadowRun } from '#contracts/v1/shadow.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { followRates, type Rates } from '#platform/rates.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { mappedTax, orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

const support: Viewer = { id: 'u1', email: 'sam@example.com', name: 'Sam', roles: ['support'] };
const viewer: Viewer = { ...support, roles: ['viewer'] };
const isOver = ({ step, status }: StepEvent) => status === 'quarantined' || step === 'settle';

let landed: LandedEstate;
let repairs: Repairs;
let repairRuns: RepairRuns;
let rates: Rates;
let caseId: string;
let nextId = 60_000;

beforeAll(async () => {
  landed = await startLandedEstate();
  repairs = await followRepairs(landed.estate.js, landed.estate.manager, landed.estate.log);
  repairRuns = await followRepairRuns(landed.estate.js, landed.estate.manager, landed.estate.log);
  const { nc, log, estate } = landed.estate;
  rates = await followRates(nc, log, estate, () => new Date());
  const events = await landed.estate.until(await place(), isOver);
  caseId = events.at(-1)?.case_id ?? '';
  await landed.untilLanded();
}, 120_000);
afterAll(async () => {
  repairs.close();
  repairRuns.close();
  rates.stop();
  await landed.close();
}, 60_000);

async function place(times = 1): Promise<string> {
  const { estate } = landed;
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const lines = draft.lines.map((line) => ({
    ...line,
    quantity: line.quantity * times,
    taxes: line.taxes.map((tax) => ({
      ...tax,
      title: 'Levy',
      cents: Math.round((tax.ratePpm * line.unitCents * line.quantity * times) / 1e6),
    })),
  }));
  return estate.placeOrder({ ...draft, lines });
}

const context = () => ({
  repairs,
  repairRuns,
  rates,
  js: landed.estate.js,
  jsm: landed.estate.manager,
  estate: landed.estate.estate,
  now: () => new Date(),
  read: shareAnswers((query, params) => runQuery(landed.store.clickhouse, query, params)),
  command: <N extends Parameters<typeof requestCommand>[1]>(
    name: N,
    request: Parameters<typeof requestCommand<N>>[2],
  ) => requestCommand(landed.estate.nc, name, request),
});

function asked(fields: Record<string, string>, who = support) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return { context: context(), viewer: who, form };
}

/** Where an action leads to; what it says otherwise fails the test. */
async function leadsTo(action: Promise<unknown>): Promise<string> {
  try {
    throw new Error(`it led nowhere: ${JSON.stringify(await action)}`);
  } catch (thrown) {
    if (!(thrown instanceof Response)) throw thrown;
    return thrown.headers.get('location') ?? '';
  }
}
const ruleOf = async (id: string) => {
  const rule = (await repairs.rules()).rules.find(({ rule_id }) => rule_id === id);
  if (rule === undefined) throw new Error('no such rule');
  return rule;
};
const fields = (fingerprint: string, operations: unknown) => ({
  name: 'Levy is the state tax',
  fingerprint,
  expires: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
  operations: JSON.stringify(operations),
});

async function untilOver(id: string): Promise<void> {
  const consumer = await landed.estate.js.consumers.get(streams.repairs, { filter_subjects: subjects.shadowRun(id) });
  for await (const message of await consumer.consume())
    if (shadowRun.parse(message.json()).status !== 'running') return;
}

describe('a rule in the console', () => {
  let ruleId: string;

  test('begins with what cured a case by hand', async () => {
    const { estate } = landed;
    const state = await caseState(estate, caseId);
    const seq = Number((await estate.events(state.key))[0]?.attributes['intake_seq']);
    const arrived = (await estate.manager.streams.getMessage(streams.intake, { seq }))?.string() ?? '';
    const actor = { id: support.email, roles: [...support.roles] };
    const payload = arrived.replaceAll('"Levy"', JSON.stringify(mappedTax.title));
    await commandOf(estate.nc, 'case.fix', { actor, case_id: caseId, revision: 1, payload, reason: 'renamed' });
    const begin = () => presentNewRule(context(), support, new URLSearchParams({ case: caseId }));
    const label = (of: Awaited<ReturnType<typeof begin>>) =>
      of.choices.causes.find(({ value }) => value === state.fingerprint)?.label;
    // The cause is among the choices once its cases have landed.
    await expect.poll(async () => label(await begin()), { timeout: 20_000 }).toContain('Levy');
    const view = await begin();
    expect(view.draft.fingerprint).toBe(state.fingerprint);
    expect(view.draft.operations).toEqual(
      expect.arrayContaining([
        { op: 'replace', path: '/line_items/*/tax_lines/*/title', value: mappedTax.title, was: 'Levy' },
      ]),
    );
  });

  test('begins with the repair of many that cured its cause', async () => {
    const { nc } = landed.estate;
    const { fingerprint } = await caseState(landed.estate, caseId);
    const operations = [{ op: 'replace' as const, path: '/line_items/*/tax_lines/*/title', value: mappedTax.title }];
    const tried = await commandOf(nc, 'repair.try', {
      actor: { id: support.email, roles: [...support.roles] },
      cases: [caseId],
      repair: { kind: 'patch', operations },
      reason: 'renamed',
    });
    const search = new URLSearchParams({ cause: fingerprint, repair: tried.run?.run_id ?? '' });
    expect((await presentNewRule(context(), support, search)).draft).toMatchObject({ fingerprint, operations });
    const unknown = new URLSearchParams({ cause: fingerprint, repair: 'nosuch' });
    expect((await presentNewRule(context(), support, unknown)).draft.operations).toHaveLength(1);
  });

  test('is made switched off, and tried on the orders of its cause before it is switched on', async () => {
    const { fingerprint } = await caseState(landed.estate, caseId);
    const change = [{ op: 'replace', path: '/line_items/*/tax_lines/*/title', was: 'Levy', value: mappedTax.title }];
    const made = await leadsTo(saveRule(asked(fields(fingerprint, change)), undefined));
    ruleId = made.split('/').at(-1) ?? '';
    expect(await presentRule(context(), support, ruleId)).toMatchObject({
      enabled: false,
      state: { word: 'off' },
      owner: support.email,
      cause: { title: expect.stringContaining('Levy') as string },
      previews: [],
    });

    const trial = (await leadsTo(previewRule(asked({ days: '7' }), await ruleOf(ruleId)))).split('/').at(-1) ?? '';
    await untilOver(trial);
    expect(await presentShadow(context(), support, trial)).toMatchObject({
      isRule: true,
      named: 1,
      different: 1,
      // By the number that people know it by.
      groups: [{ examples: [{ label: '#60001' }] }, {}],
    });
    expect((await presentRule(context(), support, ruleId)).previews).toMatchObject([{ id: trial, cured: 1 }]);
    expect((await presentShadows(context(), viewer)).may.write).toBe(false);
  }, 30_000);

  test('counts its uses once it is on, and stands still with all others', async () => {
    const rule = await ruleOf(ruleId);
    expect(await switchRule(asked({ enabled: 'true', version: '1' }), rule)).toMatchObject({ ok: true });
    expect(await switchRule(asked({ enabled: 'false', version: '1' }), rule)).toMatchObject({ ok: false });
    const key = await place();
    await landed.estate.until(key, isOver);
    await landed.untilLanded();
    const view = await presentRule(context(), viewer, ruleId);
    expect(view).toMatchObject({ state: { word: 'on' }, uses: 1, latestUses: [{ key, rule_version: 2 }] });
    expect(view.history.map(({ version, changed }) => [version, changed])).toEqual([
      [2, 'switched it on'],
      [1, 'made it'],
    ]);

    expect(await switchAllRules(asked({ enabled: 'false' }))).toMatchObject({ ok: false });
    expect(await switchAllRules(asked({ enabled: 'false', reason: 'stop' }, viewer))).toMatchObject({ ok: false });
    expect(await switchAllRules(asked({ enabled: 'false', reason: 'stop' }))).toMatchObject({ ok: true });
    expect(await presentRules(context(), support)).toMatchObject({
      off: { by: support.email, reason: 'stop' },
      rows: [{ id: ruleId, state: { word: 'held back' }, uses: 1 }],
    });
  }, 30_000);

  test('is named on the case of an order that is worth more than one person may move, with what it would change', async () => {
    expect(await switchAllRules(asked({ enabled: 'true', reason: 'found it' }))).toMatchObject({ ok: true });
    const events = await landed.estate.until(await place(60), isOver);
    await landed.untilLanded();
    const id = events.at(-1)?.case_id ?? '';
    expect(await presentSuggestions(context(), id)).toEqual([
      {
        rule: { id: ruleId, name: 'Levy is the state tax' },
        cured: 0,
        repairs: [{ path: '/line_items/*/tax_lines/*/title', was: '"Levy"', value: JSON.stringify(mappedTax.title) }],
      },
    ]);
    const state = await caseState(landed.estate, id);
    const { payload_seq: seq = 0 } = state.suggested_rule ?? {};
    const payload = (await landed.estate.manager.streams.getMessage(streams.payloads, { seq }))?.string() ?? '';
    const actor = { id: support.email, roles: [...support.roles] };
    await commandOf(landed.estate.nc, 'case.fix', { actor, case_id: id, revision: 1, payload, reason: 'as the rule' });
    expect(await presentSuggestions(context(), id)).toEqual([]);
    expect((await presentRule(context(), viewer, ruleId)).limit).toEqual({ amount: '1000.00', currency: 'USD' });
  }, 30_000);

  test('says what is missing', async () => {
    const { fingerprint } = await caseState(landed.estate, caseId);
    const whole = fields(fingerprint, [{ op: 'remove', path: '/note' }]);
    for (const lacking of [{ operations: '[]' }, { name: ' ' }, { expires: '' }, { expires: '2020-01-01' }])
      expect(await saveRule(asked({ ...whole, ...lacking }), undefined)).toMatchObject({ ok: false, intent: 'save' });
    expect(await saveRule(asked({ ...whole, expires: '2020-01-01' }), undefined)).toMatchObject({
      message: 'The rule would be over already: choose a day to come.',
    });
    await expect(presentRule(context(), support, '_all')).rejects.toMatchObject({ status: 404 });
    await expect(presentRule(context(), support, 'x.>')).rejects.toMatchObject({ status: 404 });
    for (const lacking of [{ kind: 'mapping' }, { kind: 'patch', operations: 'x' }, { kind: 'estate', yaml: '' }])
      expect(await startShadow(asked(lacking))).toMatchObject({ ok: false });
  });
});
