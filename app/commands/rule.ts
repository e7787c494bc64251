import { redirect } from '@remix-run/node';
import { z } from 'zod';
import type { CommandRequest } from '#contracts/v1/commands.ts';
import { patchOperation } from '#contracts/v1/repair.ts';
import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { casesOfCause } from '#app/queries/causes.ts';
import { rulePath, shadowPath } from '#app/rules/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';

/** What became of an action on rules, to be said beside it. */
export interface RuleResult {
  ok: boolean;
  intent: string;
  message: string;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate' | 'read' | 'now'>;
  viewer: Viewer;
  form: FormData;
}

const PREVIEW_CASES = 500;
const PREVIEW_SAMPLE = 200;

export const actorOf = (viewer: Viewer) => ({ id: viewer.email, roles: [...viewer.roles] });
export const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};
const refuse = (intent: string, message: string): RuleResult => ({ ok: false, intent, message });

/** Switches all rules off, or lets those that are on apply again. */
export async function switchAllRules({ context, viewer, form }: Asked): Promise<RuleResult> {
  const enabled = text(form, 'enabled') === 'true';
  const reason = text(form, 'reason');
  if (reason === '') return refuse('switch-all', 'Give a reason: everybody reads it above the rules.');
  const reply = await context.command('rule.switch-all', { actor: actorOf(viewer), enabled, reason });
  return { ok: reply.ok, intent: 'switch-all', message: messageOf(reply, context.estate) };
}

const operations = z.array(patchOperation).min(1).max(50);

/** The operations of a patch from a form's hidden field; undefined where they are not complete. */
export function readOperations(form: FormData) {
  try {
    return operations.safeParse(JSON.parse(text(form, 'operations'))).data;
  } catch {
    return undefined;
  }
}

/** Keeps what a person filled in: a new rule is off until somebody switches it on. */
export async function saveRule(asked: Asked, id: string | undefined, current?: RepairRule): Promise<RuleResult> {
  const { context, viewer, form } = asked;
  const patch = readOperations(form);
  if (patch === undefined)
    return refuse('save', 'Say what the rule changes: a place in the payload and its new value.');
  if (text(form, 'name') === '') return refuse('save', 'Give the rule a name.');
  const expires = Date.parse(`${text(form, 'expires')}T23:59:59.000Z`);
  if (Number.isNaN(expires)) return refuse('save', 'Choose the last day on which the rule applies.');
  const strings = (name: string) => form.getAll(name).filter((one): one is string => typeof one === 'string');
  const rule_id = id ?? crypto.randomUUID();
  const request: CommandRequest<'rule.put'> = {
    actor: actorOf(viewer),
    rule_id,
    version: Number(text(form, 'version') || '0'),
    name: text(form, 'name').slice(0, 100),
    scope: { fingerprint: text(form, 'fingerprint'), channels: strings('channel'), legal_entities: strings('entity') },
    repair: { kind: 'patch', operations: patch },
    enabled: current?.enabled ?? false,
    expires_at: new Date(expires).toISOString(),
    reason: text(form, 'reason') || (id === undefined ? 'Made in the console.' : 'Changed in the console.'),
  };
  const reply = await context.command('rule.put', request);
  if (reply.ok && id === undefined) throw redirect(rulePath(rule_id));
  return { ok: reply.ok, intent: 'save', message: messageOf(reply, context.estate) };
}

/** Switches one rule on or off, as it stood when the person decided. */
export async function switchRule({ context, viewer, form }: Asked, rule: RepairRule): Promise<RuleResult> {
  const { rule_id, name, scope, repair, expires_at } = rule;
  const enabled = text(form, 'enabled') === 'true';
  const reply = await context.command('rule.put', {
    actor: actorOf(viewer),
    rule_id,
    version: Number(text(form, 'version')),
    name,
    scope,
    repair,
    enabled,
    expires_at,
    reason: text(form, 'reason') || (enabled ? 'Switched on.' : 'Switched off.'),
  });
  return { ok: reply.ok, intent: 'switch', message: messageOf(reply, context.estate) };
}

/**
 * Tries a rule on the orders that its cause stopped in the last days, and on those that came last, whether they were
 * stopped or not. Leads to the trial.
 */
export async function previewRule({ context, viewer, form }: Asked, rule: RepairRule): Promise<RuleResult> {
  const days = z.coerce.number().int().min(1).max(90).catch(7).parse(text(form, 'days'));
  const since = new Date(context.now().getTime() - days * 86_400_000).toISOString();
  const { fingerprint } = rule.scope;
  const cases = await context.read(casesOfCause, { fingerprint, since, limit: PREVIEW_CASES });
  const reply = await context.command('shadow.run', {
    actor: actorOf(viewer),
    change: { kind: 'repair', repair: rule.repair, scope: rule.scope },
    payloads: PREVIEW_SAMPLE,
    cases: cases.map(({ case_id }) => case_id),
  });
  if (reply.ok && reply.shadow !== undefined) throw redirect(shadowPath(reply.shadow.shadow_id));
  return { ok: false, intent: 'preview', message: messageOf(reply, context.estate) };
}
