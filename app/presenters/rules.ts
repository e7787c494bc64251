import type { RepairRule, RulesSwitch } from '#contracts/v1/repair-rule.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { ruleUses } from '#app/queries/rule-uses.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, type EstateNames } from '#app/words/names.ts';
import { repairInWords, ruleStateWords } from '#app/words/repairs.ts';
import { readCauseTitles } from './cause-titles.ts';

/** Who switched all rules off, when and why; undefined while they may apply. */
export const presentSwitch = (all: RulesSwitch | undefined) =>
  all === undefined || all.enabled ? undefined : { by: all.changed_by, at: all.changed_at, reason: all.reason };

/** Where a rule applies: channels and legal entities by name, or everywhere. */
export function scopeInWords({ scope }: Pick<RepairRule, 'scope'>, names: EstateNames): string {
  const channels = scope.channels.map((id) => names.channels[id]?.name ?? id);
  const entities = scope.legal_entities.map((id) => names.entities[id] ?? id);
  return [...channels, ...entities].join(', ') || 'everywhere';
}

const rank = { good: 0, bad: 0, none: 1, warn: 2, info: 3 } as const;

/** Every rule with what it is for and how often it was used: those that apply first. */
export async function presentRules(context: Pick<AppContext, 'repairs' | 'read' | 'estate' | 'now'>, viewer: Viewer) {
  const [{ rules, all }, uses] = await Promise.all([context.repairs.rules(), context.read(ruleUses, {})]);
  const names = estateNames(context.estate);
  const titles = await readCauseTitles(
    context,
    rules.map(({ scope }) => scope.fingerprint),
    names,
  );
  const off = presentSwitch(all);
  const rows = rules.map((rule) => {
    const used = uses.find(({ repair_rule }) => repair_rule === rule.rule_id);
    return {
      id: rule.rule_id,
      name: rule.name,
      state: ruleStateWords(rule, off === undefined, context.now()),
      cause: titles.get(rule.scope.fingerprint)?.title ?? 'A cause without cases',
      does: repairInWords(rule.repair, names),
      owner: rule.owner,
      scope: scopeInWords(rule, names),
      uses: used?.uses ?? 0,
      lastUse: used?.last_at ?? '',
      expiresAt: rule.expires_at,
      version: rule.version,
    };
  });
  rows.sort((a, b) => rank[a.state.condition] - rank[b.state.condition] || (a.name < b.name ? -1 : 1));
  return { rows, off, may: { write: may(viewer.roles, 'rules.write') } };
}

export type RuleRow = Awaited<ReturnType<typeof presentRules>>['rows'][number];
