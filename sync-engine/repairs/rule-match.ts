import type { RepairRule } from '#contracts/v1/repair-rule.ts';

/** A failure that would stop a transaction, as rules look at it. */
export interface Stop {
  fingerprint: string;
  channel: string;
  legal_entity: string;
}

/** Is a rule of this scope an answer to the failure? */
export const covers = ({ scope }: Pick<RepairRule, 'scope'>, stop: Stop): boolean =>
  scope.fingerprint === stop.fingerprint &&
  (scope.channels.length === 0 || scope.channels.includes(stop.channel)) &&
  (scope.legal_entities.length === 0 || scope.legal_entities.includes(stop.legal_entity));

/** Everybody who made or changed a rule, as far as it says so. */
export const authorsOfRule = ({ authors = [], owner, changed_by }: RepairRule): string[] => [
  ...new Set([...authors, owner, changed_by]),
];

/** May a rule apply at this moment, as far as it says so itself? */
export const isInForce = (rule: Pick<RepairRule, 'enabled' | 'expires_at'>, now: Date): boolean =>
  rule.enabled && Date.parse(rule.expires_at) > now.getTime();
