import type { Command } from 'commander';
import { RULES_SWITCH, repairRule, rulesSwitch, type RepairRule } from '#contracts/v1/repair-rule.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { causeId, daysAhead, reason, repairName, words } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { ask } from './engine.ts';
import { printJson, printRows } from './output.ts';
import { type RepairOptions, repairOf, withRepair } from './repair-option.ts';
import { readState, readStates } from './repair-stream.ts';

interface Common {
  json?: boolean;
}
type WithReason = Common & { reason: string };

/** Repairs that apply to what arrives. */
export function addRuleCommands(program: Command): void {
  const rules = program.command('rules').description('repairs that apply to payloads as they arrive');
  rules.command('list').description('every rule').option('--json', 'print as JSON').action(list);
  withRepair(rules.command('put'), { again: false })
    .description('make a rule, or a new version of it')
    .argument('<rule>', 'its id', repairName)
    .requiredOption('--name <text>', 'as people read it', words(100))
    .requiredOption('--cause <fingerprint>', 'for payloads that would stop with this cause', causeId)
    .option('--channel <id...>', 'from these channels only')
    .option('--entity <id...>', 'of these legal entities only')
    .requiredOption('--days <days>', 'until it expires', daysAhead)
    .option('--off', 'do not switch it on yet')
    .requiredOption('--reason <text>', 'kept with the version', reason)
    .option('--json', 'print what came back as JSON')
    .action(put);
  for (const [name, description, enabled] of [
    ['off', 'switch a rule off', false],
    ['on', 'switch a rule on', true],
  ] as const)
    rules
      .command(name)
      .description(description)
      .argument('<rule>', 'its id', repairName)
      .requiredOption('--reason <text>', 'kept with the version', reason)
      .option('--json', 'print what came back as JSON')
      .action((id: string, options: WithReason, command: Command) => turn(id, enabled, options, command));
  for (const [name, description, enabled] of [
    ['kill', 'switch every rule off at once', false],
    ['revive', 'let the rules that are on apply again', true],
  ] as const)
    rules
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'kept with the switch', reason)
      .option('--json', 'print what came back as JSON')
      .action((options: WithReason, command: Command) =>
        ask(command, 'rule.switch-all', { actor: cliActor(), enabled, reason: options.reason }, options.json ?? false),
      );
}

async function list(options: Common, command: Command): Promise<void> {
  const { rules, all } = await withNats(command, async (nats) => ({
    rules: await readStates(nats, subjects.allRepairRules, repairRule),
    all: await readState(nats, subjects.repairRule(RULES_SWITCH), rulesSwitch),
  }));
  if (options.json) return printJson({ enabled: all?.enabled ?? true, rules });
  if (all?.enabled === false) console.log(`Every rule is switched off: ${all.reason} (${all.changed_by})\n`);
  printRows(
    rules.sort((a, b) => a.name.localeCompare(b.name)),
    [
      { head: 'RULE', of: (row) => row.rule_id },
      { head: 'VERSION', of: (row) => String(row.version), right: true },
      { head: 'STATE', of: (row) => (row.enabled ? 'on' : 'off') },
      { head: 'NAME', of: (row) => row.name },
      { head: 'CAUSE', of: (row) => row.scope.fingerprint },
      { head: 'EXPIRES', of: (row) => row.expires_at },
      { head: 'OWNER', of: (row) => row.owner },
    ],
    false,
  );
}

const ruleNow = (command: Command, id: string): Promise<RepairRule | undefined> =>
  withNats(command, (nats) => readState(nats, subjects.repairRule(id), repairRule));

async function put(
  id: string,
  options: RepairOptions & {
    name: string;
    cause: string;
    channel?: string[];
    entity?: string[];
    days: Date;
    off?: boolean;
  } & WithReason,
  command: Command,
): Promise<void> {
  const repair = repairOf(options);
  const request = {
    actor: cliActor(),
    rule_id: id,
    version: (await ruleNow(command, id))?.version ?? 0,
    name: options.name,
    scope: { fingerprint: options.cause, channels: options.channel ?? [], legal_entities: options.entity ?? [] },
    repair,
    enabled: options.off !== true,
    expires_at: options.days.toISOString(),
    reason: options.reason,
  };
  await ask(command, 'rule.put', request, options.json ?? false);
}

async function turn(id: string, enabled: boolean, options: WithReason, command: Command): Promise<void> {
  const rule = await ruleNow(command, id);
  if (rule === undefined) throw new CliError(`There is no rule ${id}. "syncline rules list" shows what there is.`);
  const { rule_id, version, name, scope, repair, expires_at } = rule;
  const request = { actor: cliActor(), rule_id, version, name, scope, repair, enabled, expires_at };
  await ask(command, 'rule.put', { ...request, reason: options.reason }, options.json ?? false);
}
