import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor, CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { Repair } from '#contracts/v1/repair.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { createMetrics } from '#platform/metrics.ts';
import { readAt } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createEngine } from '#sync-engine/engine.ts';
import { RuleStore } from '#sync-engine/repairs/rule-store.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { mappedTax, orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { testSecret } from '../support/simulator.ts';

const actor: Actor = { id: 'sam@example.com', roles: ['support'] };
const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const isQuarantined = ({ status }: StepEvent) => status === 'quarantined';
const isApplied = ({ step }: StepEvent) => step === 'repair_rule_applied';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let landed: LandedEstate;
let cause: string;
let nextId = 40_000;
let nextRule = 0;
let ruleId: string;

beforeAll(async () => {
  landed = await startLandedEstate();
  cause = (await caseOf(await stoppedBy('Levy'))).fingerprint;
}, 120_000);
afterAll(() => landed.close(), 60_000);
beforeEach(() => {
  ruleId = `rule-${++nextRule}`;
});

const give = <N extends CommandName>(name: N, request: CommandRequest<N>) => commandOf(landed.estate.nc, name, request);
const ask = <N extends CommandName>(name: N, request: CommandRequest<N>) =>
  requestCommand(landed.estate.nc, name, request);
const caseOf = (id: string) => caseState(landed.estate, id);

/** An order whose lines bear a tax of this name, which nobody has mapped. @returns its key */
async function place(title: string): Promise<string> {
  const { estate } = landed;
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title })) }));
  return estate.placeOrder({ ...draft, lines });
}

/** @returns the id of the case that an order with this tax opens */
async function stoppedBy(title: string): Promise<string> {
  const events = await landed.estate.until(await place(title), isQuarantined);
  expect(events.filter(isApplied)).toEqual([]);
  return events.at(-1)?.case_id ?? '';
}

const renames = (from: string, to = mappedTax.title): Repair => ({
  kind: 'patch',
  operations: [{ op: 'replace', path: '/line_items/*/tax_lines/*/title', was: from, value: to }],
});

const ruleOf = (more: Partial<CommandRequest<'rule.put'>> = {}): CommandRequest<'rule.put'> => ({
  actor,
  rule_id: ruleId,
  version: 0,
  name: 'Levy is the state tax',
  scope: { fingerprint: cause },
  repair: renames('Levy'),
  enabled: true,
  expires_at: inDays(30),
  reason: 'the shop renamed it',
  ...more,
});
/** Makes a rule; it is switched off again by the returned function. */
async function makeRule(more: Partial<CommandRequest<'rule.put'>> = {}): Promise<() => Promise<unknown>> {
  const made = await give('rule.put', ruleOf(more));
  return async () => {
    const { version = 0, ...rule } = made.rule ?? {};
    return give('rule.put', {
      ...ruleOf(more),
      ...('name' in rule ? { name: rule.name } : {}),
      version,
      enabled: false,
    });
  };
}

describe('a rule for a cause', () => {
  test('lets an arriving order go through with a version of its own, and what arrived stays as it arrived', async () => {
    const { estate, store } = landed;
    const off = await makeRule();
    const key = await place('Levy');
    const events = await estate.until(key, isSettled);
    await off();
    expect(events.filter(isQuarantined)).toEqual([]);
    const [applied, ...more] = events.filter(isApplied);
    expect(more).toEqual([]);
    expect(applied).toMatchObject({
      status: 'completed',
      case_id: '',
      payload_version: 2,
      attributes: {
        repair_rule: ruleId,
        rule_version: '1',
        payload_version: '2',
        cause,
        failed_step: 'validate',
        failed_class: 'mapping',
      },
    });
    expect(events.filter(({ step, status }) => step === 'canonicalise' && status === 'completed')).toHaveLength(2);
    const [received] = await readSubject(
      estate.js,
      estate.manager,
      streams.payloads,
      subjects.payload(key, 'received.2'),
    );
    expect(received?.string()).toContain(mappedTax.title);
    const seq = Number(events[0]?.attributes['intake_seq']);
    const arrived = (await readAt(estate.manager, streams.intake, seq))?.string() ?? '';
    expect(arrived).toContain('"title":"Levy"');
    expect(arrived).not.toContain('\n');

    await landed.untilLanded();
    const uses = () =>
      store.clickhouse.query(
        `SELECT event_id, key, rule_version, channel FROM rule_uses FINAL WHERE repair_rule = '${ruleId}'`,
      );
    const once = [{ event_id: applied?.event_id, key, rule_version: 1, channel: applied?.channel }];
    expect(await uses()).toEqual(once);
    await store.clickhouse.command(`INSERT INTO steps_landing SELECT * FROM steps WHERE key = '${key}'`);
    expect(await uses()).toEqual(once);
  }, 60_000);

  test('answers a refusal of an outside system too, and nothing is asked twice that was done', async () => {
    const title = 'Misdirected levy';
    await give('mapping.put', {
      actor,
      kind: 'tax_code',
      system: 'netsuite',
      code: title,
      target: 'NO-SUCH-CODE',
      reason: 'by mistake',
    });
    const refusal = await caseOf(await stoppedBy(title));
    expect(refusal.step).toBe('erp_create_sales_order');
    const off = await makeRule({ scope: { fingerprint: refusal.fingerprint }, repair: renames(title) });
    const events = await landed.estate.until(await place(title), (event) => isSettled(event) || isQuarantined(event));
    await off();
    const at = events.findIndex(isApplied);
    expect(events[at]?.attributes).toMatchObject({ failed_step: 'erp_create_sales_order', payload_version: '2' });
    expect(events.slice(at + 1, at + 5).map(({ step, status }) => `${step} ${status}`)).toEqual([
      'canonicalise completed',
      'validate completed',
      'erp_create_sales_order started',
      'erp_create_sales_order completed',
    ]);
    expect(events.filter(({ step, status }) => step === 'reserve_stock' && status === 'completed')).toHaveLength(1);
    expect(events.filter(isQuarantined)).toEqual([]);
  }, 60_000);

  test('that does not cure opens the case with the payload as it arrived', async () => {
    const off = await makeRule({ repair: renames('Levy', 'Another unknown levy') });
    const stopped = await caseOf(await stoppedBy('Levy'));
    expect(stopped).toMatchObject({ payload_version: 1, fingerprint: cause, status: 'open' });
    await off();
  }, 30_000);

  test('that is switched off, over, of another channel or finds nothing to change does nothing', async () => {
    await (
      await makeRule()
    )();
    await stoppedBy('Levy');
    const off = await makeRule({ rule_id: `${ruleId}-b`, scope: { fingerprint: cause, channels: ['web-eu'] } });
    await stoppedBy('Levy');
    await off();
    const other = await makeRule({ rule_id: `${ruleId}-c`, repair: renames('Something else') });
    await stoppedBy('Levy');
    await other();
  }, 60_000);

  test('applies no more once its day has come', async () => {
    const { nc, manager } = landed.estate;
    const { actor: _, version: __, scope, ...rest } = ruleOf();
    const said = { owner: actor.id, changed_by: actor.id, changed_at: inDays(-10), expires_at: inDays(-1) };
    const whole = { ...scope, channels: [], legal_entities: [] };
    await new RuleStore(publisherOf(nc), manager, 'test').put(undefined, { ...rest, ...said, scope: whole });
    await stoppedBy('Levy');
  }, 30_000);

  test('stands still with all others while the one switch is off', async () => {
    const off = await makeRule();
    await give('rule.switch-all', { actor, enabled: false, reason: 'something is wrong' });
    await stoppedBy('Levy');
    const again = await give('rule.switch-all', { actor, enabled: true, reason: 'found it' });
    expect(again.rules).toMatchObject({ enabled: true, changed_by: actor.id });
    const events = await landed.estate.until(await place('Levy'), (event) => isSettled(event) || isQuarantined(event));
    await off();
    expect(events.filter(isApplied)).toHaveLength(1);
    expect(events.filter(isQuarantined)).toEqual([]);
  }, 60_000);

  test('holds in every replica at once', async () => {
    const { estate } = landed;
    const secrets = (setting: string) => (setting.startsWith('env:') ? testSecret(setting.slice(4)) : setting);
    const metrics = createMetrics('test', { defaults: false });
    const second = await createEngine({ nc: estate.nc, estate: estate.estate, secrets, log: estate.log, metrics });
    try {
      const off = await makeRule();
      const keys = await Promise.all(Array.from({ length: 12 }, () => place('Levy')));
      const all = await Promise.all(
        keys.map((key) => estate.until(key, (event) => isSettled(event) || isQuarantined(event))),
      );
      expect(all.map((events) => events.filter(isApplied).length)).toEqual(keys.map(() => 1));
      expect(all.flat().filter(isQuarantined)).toEqual([]);
      await off();
      await Promise.all(Array.from({ length: 6 }, () => stoppedBy('Levy')));
    } finally {
      await second.close();
    }
  }, 90_000);
});

describe('making and changing rules', () => {
  test('keeps every version, with its owner, and refuses whoever decided on an older one', async () => {
    await give('rule.put', ruleOf({ enabled: false }));
    const lee = { ...actor, id: 'lee@example.com' };
    const both = await Promise.all([
      ask('rule.put', ruleOf({ version: 1, name: 'A', enabled: false })),
      ask('rule.put', ruleOf({ actor: lee, version: 1, name: 'B', enabled: false })),
    ]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const refused = both.find(({ ok }) => !ok);
    expect(refused).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('version 2') as string },
    });
    const { js, manager } = landed.estate;
    const versions = (await readSubject(js, manager, streams.repairs, subjects.repairRule(ruleId))).map((message) =>
      message.json<{ version: number; owner: string }>(),
    );
    expect(versions.map(({ version, owner }) => [version, owner])).toEqual([
      [1, actor.id],
      [2, actor.id],
    ]);
    expect(await ask('rule.put', ruleOf())).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  test('is refused for a mapping, for nothing, for a day past or too far, for a reserved name, and for a channel nobody has', async () => {
    const mapping = { kind: 'tax_code', system: 'netsuite', code: 'Levy', target: 'X' } as const;
    const refusals = await Promise.all([
      ask('rule.put', ruleOf({ repair: { kind: 'mapping', mapping } })),
      ask('rule.put', ruleOf({ repair: { kind: 'none' } })),
      ask('rule.put', ruleOf({ expires_at: inDays(-1) })),
      ask('rule.put', ruleOf({ expires_at: inDays(400) })),
      ask('rule.put', ruleOf({ rule_id: '_all' })),
      ask('rule.put', ruleOf({ scope: { fingerprint: cause, channels: ['no-such-shop'] } })),
      ask('rule.put', ruleOf({ scope: { fingerprint: cause, legal_entities: ['nobody'] } })),
    ]);
    expect(refusals.map((reply) => (reply.ok ? 'ok' : reply.error.code))).toEqual([
      'refused',
      'refused',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
    ]);
    expect(refusals.at(-2)).toMatchObject({
      error: { message: 'This estate has no channel no-such-shop.', fields: [{ path: '/scope/channels' }] },
    });
  });

  test('takes the permission, whoever relays it', async () => {
    for (const roles of [['viewer'], ['finance']] as const) {
      const person = { id: 'v', roles: [...roles] };
      expect(await ask('rule.put', ruleOf({ actor: person }))).toMatchObject({ error: { code: 'forbidden' } });
      const wish = { actor: person, enabled: false, reason: 'x' };
      expect(await ask('rule.switch-all', wish)).toMatchObject({ error: { code: 'forbidden' } });
    }
  });
});
