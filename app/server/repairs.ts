import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { repairRule, type RepairRule, RULES_SWITCH, rulesSwitch, type RulesSwitch } from '#contracts/v1/repair-rule.ts';
import { shadowRun, type ShadowRun } from '#contracts/v1/shadow.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { addStream } from '#platform/nats/streams.ts';

/** Repair rules and shadow runs as they are now: what somebody changed a moment ago is in the answer. */
export interface Repairs {
  rules(): Promise<{ rules: readonly RepairRule[]; all: RulesSwitch | undefined }>;
  shadows(): Promise<readonly ShadowRun[]>;
  close(): void;
}

/** Follows stream REPAIRS, so that showing rules and runs reads no message twice. */
export async function followRepairs(js: JetStreamClient, jsm: JetStreamManager, log: Log): Promise<Repairs> {
  // The console may be there before the engine.
  await addStream(jsm, streams.repairs);
  await addStream(jsm, streams.reconciliation);
  const rules = new Map<string, RepairRule>();
  const shadows = new Map<string, ShadowRun>();
  let all: RulesSwitch | undefined;
  const ofRules = await followLatest(js, jsm, {
    stream: streams.repairs,
    subject: subjects.allRepairRules,
    log,
    onMessage: (message) => {
      if (message.subject === subjects.repairRule(RULES_SWITCH)) all = rulesSwitch.parse(message.json());
      else {
        const rule = repairRule.parse(message.json());
        rules.set(rule.rule_id, rule);
      }
    },
  });
  const ofShadows = await followLatest(js, jsm, {
    stream: streams.repairs,
    subject: subjects.allShadowRuns,
    log,
    onMessage: (message) => {
      const run = shadowRun.parse(message.json());
      shadows.set(run.shadow_id, run);
    },
  });
  return {
    rules: async () => {
      await ofRules.caughtUp();
      return { rules: [...rules.values()], all };
    },
    shadows: async () => {
      await ofShadows.caughtUp();
      // The engine forgets trials of long ago; that a subject was emptied is told to nobody.
      const { state } = await jsm.streams.info(streams.repairs, { subjects_filter: subjects.allShadowRuns });
      for (const id of shadows.keys()) if (state.subjects?.[subjects.shadowRun(id)] === undefined) shadows.delete(id);
      return [...shadows.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    },
    close: () => {
      ofRules.stop();
      ofShadows.stop();
    },
  };
}
