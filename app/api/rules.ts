import { z } from 'zod';
import { commandRequests } from '#contracts/v1/commands.ts';
import { repairRule, RULES_SWITCH, rulesSwitch } from '#contracts/v1/repair-rule.ts';
import { repairId } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';
import { operation } from './operation.ts';
import { readOne } from './repair-stream.ts';
import { command, done } from './reply.ts';

const id = {
  description: 'Id of a rule',
  schema: repairId.refine((text) => text !== RULES_SWITCH, 'is the switch of all rules'),
};

const listRules = operation({
  method: 'GET',
  path: '/api/v1/repair-rules',
  tag: 'Repair rules',
  summary: 'Repairs that apply to arriving payloads',
  description: '`enabled` is the switch of all rules: where it is false, none applies, whatever it says itself.',
  scope: 'cases.read',
  answer: { name: 'RuleList', schema: z.object({ enabled: z.boolean(), rules: z.array(repairRule) }) },
  handle: async ({ services }) => {
    const killSwitch = subjects.repairRule(RULES_SWITCH);
    const [messages, last] = await Promise.all([
      readLastPerSubject(services.js, streams.repairs, subjects.allRepairRules),
      readLast(services.jsm, streams.repairs, killSwitch),
    ]);
    const rules = messages
      .filter(({ subject }) => subject !== killSwitch)
      .map((message) => repairRule.parse(message.json()))
      .sort((a, b) => a.name.localeCompare(b.name));
    return { enabled: last === undefined || rulesSwitch.parse(last.json()).enabled, rules };
  },
});

const showRule = operation({
  method: 'GET',
  path: '/api/v1/repair-rules/:id',
  tag: 'Repair rules',
  summary: 'One rule in its latest version',
  scope: 'cases.read',
  id,
  answer: { name: 'RepairRule', schema: repairRule },
  handle: (call) => readOne(call.services, subjects.repairRule(call.id), repairRule, `rule ${call.id}`),
});

const { actor: _actor, rule_id: _rule, ...ruleShape } = commandRequests['rule.put'].shape;

const putRule = operation({
  method: 'POST',
  path: '/api/v1/repair-rules/:id',
  tag: 'Repair rules',
  summary: 'Make a rule, or a new version of it',
  description: '`version` is the one it was decided on, 0 for a new rule. Switching one off is a version too.',
  scope: 'rules.write',
  id,
  body: { name: 'RulePut', schema: z.strictObject(ruleShape) },
  answer: done,
  handle: (call) => command(call, 'rule.put', { ...call.body, actor: call.actor, rule_id: call.id }),
});

const { actor: _who, ...switchShape } = commandRequests['rule.switch-all'].shape;

const switchRules = operation({
  method: 'POST',
  path: '/api/v1/repair-rules-switch',
  tag: 'Repair rules',
  summary: 'Switch every rule off at once, or on again',
  scope: 'rules.write',
  body: { name: 'RulesSwitch', schema: z.strictObject(switchShape) },
  answer: done,
  handle: (call) => command(call, 'rule.switch-all', { ...call.body, actor: call.actor }),
});

export const ruleOperations = [listRules, showRule, putRule, switchRules];
