import type { Estate } from '#contracts/v1/estate.ts';
import { type RepairRule, RULES_SWITCH } from '#contracts/v1/repair-rule.ts';
import type { Repair } from '#contracts/v1/repair.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { authorsOfRule } from '../repairs/rule-match.ts';
import type { RuleStore, Stored } from '../repairs/rule-store.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface RuleCommandsOptions {
  rules: RuleStore;
  estate: Pick<Estate, 'channels' | 'legal_entities'>;
  now: () => Date;
}

/** A rule that nobody looks at again must end by itself. */
const LONGEST_DAYS = 366;

/** Makes and changes the rules for arriving payloads, and the one switch of them all. */
export function ruleCommands({
  rules,
  estate,
  now,
}: RuleCommandsOptions): Pick<CommandHandlers, 'rule.put' | 'rule.switch-all'> {
  return {
    'rule.put': (request) =>
      replying(async () => {
        const { actor, version, rule_id, name, scope, repair, enabled, expires_at, reason } = request;
        authorise(actor, 'rules.write');
        if (rule_id === RULES_SWITCH)
          throw new Refusal('invalid', `No rule can be called ${RULES_SWITCH}: that is the switch of them all.`);
        demandPatch(repair);
        const current = await rules.rule(rule_id);
        if ((current?.value.version ?? 0) !== version) throw decidedOnAnother(current?.value);
        demandExpiry(expires_at, now(), current, enabled);
        demandScope(scope, current, estate);
        const changed_at = now().toISOString();
        const owner = current?.value.owner ?? actor.id;
        const put = {
          rule_id,
          name,
          owner,
          scope,
          repair,
          enabled,
          expires_at,
          changed_by: actor.id,
          changed_at,
          authors: [...new Set([...(current === undefined ? [] : authorsOfRule(current.value)), actor.id])],
          reason,
        };
        const rule = await rules.put(current, put);
        if (rule === undefined) throw decidedOnAnother((await rules.rule(rule_id))?.value);
        return { ok: true, rule, message: `${name} is ${enabled ? 'on' : 'off'}; this is version ${rule.version}.` };
      }),
    'rule.switch-all': (request) =>
      replying(async () => {
        const { actor, enabled, reason } = request;
        authorise(actor, 'rules.write');
        const word = enabled ? 'may apply again' : 'are switched off';
        for (;;) {
          const current = await rules.switch();
          if ((current?.value.enabled ?? true) === enabled)
            return { ok: true, ...(current && { rules: current.value }), message: `The rules ${word} already.` };
          const changed_at = now().toISOString();
          const changed = await rules.putSwitch(current, { enabled, changed_by: actor.id, changed_at, reason });
          if (changed !== undefined) return { ok: true, rules: changed, message: `All rules ${word}.` };
        }
      }),
  };
}

function demandPatch(repair: Repair): void {
  if (repair.kind === 'patch') return;
  throw new Refusal(
    'refused',
    repair.kind === 'mapping'
      ? 'A mapping needs no rule: add it once, and it holds for every order from then on.'
      : 'A rule must change something in the payload; another attempt alone is no rule.',
    { fields: [{ path: '/repair/kind', message: 'expected a patch' }] },
  );
}

/** A rule for a channel that is not there would never apply. One whose channel has gone since may still be switched off. */
function demandScope(
  scope: RepairRule['scope'],
  current: Stored<RepairRule> | undefined,
  estate: RuleCommandsOptions['estate'],
): void {
  if (JSON.stringify(current?.value.scope) === JSON.stringify(scope)) return;
  const demandKnown = (field: string, what: string, ids: readonly string[], known: readonly { id: string }[]) => {
    const strange = ids.find((id) => !known.some((one) => one.id === id));
    if (strange === undefined) return;
    const message = `This estate has no ${what} ${strange}.`;
    throw new Refusal('invalid', message, { fields: [{ path: `/scope/${field}`, message }] });
  };
  demandKnown('channels', 'channel', scope.channels, estate.channels);
  demandKnown('legal_entities', 'legal entity', scope.legal_entities, estate.legal_entities);
}

/** A rule that is over may still be switched off, or renamed, as it is. */
function demandExpiry(expiresAt: string, now: Date, current: Stored<RepairRule> | undefined, enabled: boolean): void {
  if (!enabled && current?.value.expires_at === expiresAt) return;
  const days = (Date.parse(expiresAt) - now.getTime()) / 86_400_000;
  if (days > 0 && days <= LONGEST_DAYS) return;
  const message = days <= 0 ? 'The rule would be over already: choose a day to come.' : 'A rule lasts a year at most.';
  throw new Refusal('invalid', message, { fields: [{ path: '/expires_at', message }] });
}

const decidedOnAnother = (current: RepairRule | undefined): Refusal =>
  new Refusal(
    'conflict',
    current === undefined
      ? 'There is no such rule any more.'
      : `${current.changed_by} changed this rule before you: it is version ${current.version} now. Look at it, then decide again.`,
  );
