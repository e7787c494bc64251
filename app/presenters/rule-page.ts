import { may } from '#contracts/v1/permissions.ts';
import { repairId } from '#contracts/v1/repair.ts';
import { repairRule, type RepairRule, RULES_SWITCH } from '#contracts/v1/repair-rule.ts';
import type { ShadowRun } from '#contracts/v1/shadow.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { recentCauses } from '#app/queries/causes.ts';
import { ruleUses, usesOfRule } from '#app/queries/rule-uses.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, type EstateNames } from '#app/words/names.ts';
import { operationInWords, ruleStateWords, shadowStateWords } from '#app/words/repairs.ts';
import { readCauseTitles, titleOfCause } from './cause-titles.ts';
import { presentSwitch, scopeInWords } from './rules.ts';

const USES_SHOWN = 20;
const CAUSE_DAYS = 30;

/** What showing a rule takes. */
export type RuleContext = Pick<AppContext, 'repairs' | 'read' | 'estate' | 'now' | 'js' | 'jsm'>;

/** What a person fills in for a rule. */
export interface RuleDraft {
  name: string;
  fingerprint: string;
  channels: string[];
  entities: string[];
  operations: Extract<RepairRule['repair'], { kind: 'patch' }>['operations'];
  expiresAt: string;
}

/** What a rule may be made for, and where. @param chosen a cause that must be among the choices */
export async function presentChoices(context: RuleContext, chosen: string) {
  const names = estateNames(context.estate);
  const since = new Date(startOfHour(context.now()) - CAUSE_DAYS * 86_400_000).toISOString();
  const causes = await context.read(recentCauses, { since });
  const choices = causes.map((cause) => {
    const { title, step } = titleOfCause(cause, names);
    return { value: cause.fingerprint, label: `${title} (${step}, ${cause.cases})` };
  });
  if (chosen !== '' && !choices.some(({ value }) => value === chosen)) {
    const title = (await readCauseTitles(context, [chosen], names)).get(chosen);
    choices.push({ value: chosen, label: title?.title ?? 'A cause without cases' });
  }
  return {
    causes: choices,
    channels: Object.entries(names.channels).map(([value, { name }]) => ({ value, label: name })),
    entities: Object.entries(names.entities).map(([value, label]) => ({ value, label })),
  };
}

const startOfHour = (at: Date): number => Math.floor(at.getTime() / 3_600_000) * 3_600_000;

/** Everything the page of a rule shows. @throws Response 404 where there is no such rule */
export async function presentRule(context: RuleContext, viewer: Viewer, id: string) {
  if (!repairId.safeParse(id).success || id === RULES_SWITCH) throw unknownRule();
  const subject = subjects.repairRule(id);
  const versions = (await readSubject(context.js, context.jsm, streams.repairs, subject)).map((message) =>
    repairRule.parse(message.json()),
  );
  const rule = versions.at(-1);
  if (rule === undefined) throw unknownRule();
  const names = estateNames(context.estate);
  const [{ all }, titles, used, uses, shadows, choices] = await Promise.all([
    context.repairs.rules(),
    readCauseTitles(context, [rule.scope.fingerprint], names),
    context.read(ruleUses, {}),
    context.read(usesOfRule, { rule: id, limit: USES_SHOWN }),
    context.repairs.shadows(),
    presentChoices(context, rule.scope.fingerprint),
  ]);
  const off = presentSwitch(all);
  return {
    id,
    name: rule.name,
    version: rule.version,
    enabled: rule.enabled,
    limit: limitOf(context),
    state: ruleStateWords(rule, off === undefined, context.now()),
    off,
    cause: titles.get(rule.scope.fingerprint),
    fingerprint: rule.scope.fingerprint,
    scope: scopeInWords(rule, names),
    does: rule.repair.kind === 'patch' ? rule.repair.operations.map(operationInWords) : [],
    owner: rule.owner,
    expiresAt: rule.expires_at,
    uses: used.find(({ repair_rule }) => repair_rule === id)?.uses ?? 0,
    latestUses: uses.map((use) => ({ ...use, channel: names.channels[use.channel]?.name ?? use.channel })),
    history: versions.map((one, i) => presentVersion(one, versions[i - 1], names)).reverse(),
    previews: shadows
      .filter((run) => isPreviewOf(run, rule))
      .slice(0, 5)
      .map(presentPreview),
    draft: draftOf(rule),
    choices,
    may: { write: may(viewer.roles, 'rules.write') },
  };
}

/** Above which amount a rule is only named on the case; undefined where there is no limit. */
export function limitOf({ estate }: Pick<AppContext, 'estate'>) {
  const amount = estate.policies.second_person_above;
  return amount === undefined ? undefined : { amount, currency: estate.reporting_currency };
}

export type RuleView = Awaited<ReturnType<typeof presentRule>>;

const unknownRule = () => new Response('There is no such rule.', { status: 404 });

export const draftOf = (rule: RepairRule): RuleDraft => ({
  name: rule.name,
  fingerprint: rule.scope.fingerprint,
  channels: rule.scope.channels,
  entities: rule.scope.legal_entities,
  operations: rule.repair.kind === 'patch' ? rule.repair.operations : [],
  expiresAt: rule.expires_at,
});

/** A trial of exactly what this version does, where it does it. */
const isPreviewOf = ({ change }: ShadowRun, rule: RepairRule): boolean =>
  change.kind === 'repair' &&
  JSON.stringify([change.repair, change.scope]) === JSON.stringify([rule.repair, rule.scope]);

const presentPreview = (run: ShadowRun) => ({
  id: run.shadow_id,
  state: shadowStateWords(run.status),
  running: run.status === 'running',
  at: run.created_at,
  by: run.created_by,
  tried: run.tried,
  wanted: run.wanted,
  different: run.different,
  notCured: (run.not_cured ?? []).reduce((sum, group) => sum + group.payloads, 0),
  cured: run.differences
    .filter(({ path, after }) => path === '' && after === 'goes on')
    .reduce((sum, group) => sum + group.payloads, 0),
});

/** What one version changed, in words. */
function presentVersion(version: RepairRule, before: RepairRule | undefined, names: EstateNames) {
  const changed =
    before === undefined
      ? ['made it']
      : [
          ...(before.enabled === version.enabled ? [] : [version.enabled ? 'switched it on' : 'switched it off']),
          ...(before.name === version.name ? [] : [`called it “${version.name}”`]),
          ...(JSON.stringify(before.repair) === JSON.stringify(version.repair) ? [] : ['changed what it does']),
          ...(JSON.stringify(before.scope) === JSON.stringify(version.scope)
            ? []
            : [`changed where it applies: ${scopeInWords(version, names)}`]),
          ...(before.expires_at === version.expires_at ? [] : ['changed its expiry']),
        ];
  return {
    version: version.version,
    by: version.changed_by,
    at: version.changed_at,
    reason: version.reason,
    changed: changed.join(', ') || 'saved it unchanged',
    does: version.repair.kind === 'patch' ? version.repair.operations.map(operationInWords) : [],
  };
}
