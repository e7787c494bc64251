import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** How often each repair rule was used, and when last. */
export const ruleUses = defineQuery({
  name: 'rule_uses',
  sql: `SELECT repair_rule, count() AS uses, max(at) AS last_at FROM rule_uses FINAL GROUP BY repair_rule`,
  params: z.object({}),
  row: z.object({ repair_rule: z.string(), uses: z.number(), last_at: z.string() }),
});

/** The orders that one rule cured, the latest first. */
export const usesOfRule = defineQuery({
  name: 'uses_of_rule',
  sql: `
    SELECT key, business_key, rule_version, at, channel FROM rule_uses FINAL
    WHERE repair_rule = {rule:String} ORDER BY at DESC, event_id LIMIT {limit:UInt32}`,
  params: z.object({ rule: z.string(), limit: z.int().positive() }),
  row: z.object({
    key: z.string(),
    business_key: z.string(),
    rule_version: z.number(),
    at: z.string(),
    channel: z.string(),
  }),
});
