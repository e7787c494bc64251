import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { repairRule, type RepairRule, RULES_SWITCH, rulesSwitch } from '#contracts/v1/repair-rule.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { covers, isInForce, type Stop } from './rule-match.ts';

/** The rules in force, in memory, alike in every replica. */
export interface RuleBook {
  /**
   * The rules that answer to a failure now, oldest first: a rule that was switched off before this was asked is not
   * among them, whichever replica switched it off.
   */
  answering(stop: Stop): Promise<RepairRule[]>;
  stop(): void;
}

/** Follows the latest version of every rule, and the switch of them all. */
export async function openRuleBook(
  js: JetStreamClient,
  manager: JetStreamManager,
  log: Log,
  now: () => Date,
): Promise<RuleBook> {
  const rules = new Map<string, RepairRule>();
  let allowed = true;
  const switchSubject = subjects.repairRule(RULES_SWITCH);
  const follow = await followLatest(js, manager, {
    stream: streams.repairs,
    subject: subjects.allRepairRules,
    log,
    onMessage: (message) => {
      if (message.subject === switchSubject) {
        allowed = rulesSwitch.parse(message.json()).enabled;
        return;
      }
      const rule = repairRule.parse(message.json());
      rules.set(rule.rule_id, rule);
    },
  });
  return {
    answering: async (stop) => {
      await follow.caughtUp();
      if (!allowed) return [];
      const at = now();
      return [...rules.values()]
        .filter((rule) => isInForce(rule, at) && covers(rule, stop))
        .sort((a, b) => (a.rule_id < b.rule_id ? -1 : 1));
    },
    stop: () => follow.stop(),
  };
}
