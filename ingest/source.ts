import type { z } from 'zod';
import { auditEvent } from '#contracts/v1/audit.ts';
import { caseEvent } from '#contracts/v1/case.ts';
import { reconciliationBreak, reconciliationRun } from '#contracts/v1/reconciliation.ts';
import { repairItem } from '#contracts/v1/repair.ts';
import { stepEvent } from '#contracts/v1/step-event.ts';
import { delivery } from '#contracts/v1/webhook.ts';
import { STEPS_PARTITIONS, streams, subjects } from '#contracts/v1/subjects.ts';

/** A rollup that adds up: it must see each event exactly once, and is rebuilt from the raw table where it did not. */
export interface AdditiveRollup {
  table: string;
  /** Time column of its partition key (toYYYYMM(column), shard). */
  time: string;
  /** Events it holds, and those it should hold by the raw table. */
  holds: string;
  shouldHold: string;
}

/** What one stream becomes in ClickHouse (migrations/). Each target `x` is filled by the view `x_view`. */
export interface Landing {
  stream: string;
  /** What a nudge calls it; undefined where no screen waits for it. */
  topic: 'steps' | 'cases' | undefined;
  schema: z.ZodType;
  /** Engine Null; everything else is its materialized view. */
  table: string;
  /** Engine Null without views: tells whether ClickHouse can read a row. */
  check: string;
  /** One row an event, with stream_seq. */
  raw: string;
  /** Is the raw table partitioned by month of `at`? Otherwise a block is one insert. */
  monthly: boolean;
  /** Landing an event twice changes nothing in these. */
  idempotent: readonly string[];
  additive: readonly AdditiveRollup[];
  /** May the text of a rejected message be kept in rejected_steps? */
  keepsRejectedText: boolean;
}

export const stepsLanding: Landing = {
  stream: streams.steps,
  topic: 'steps',
  schema: stepEvent,
  table: 'steps_landing',
  check: 'steps_check',
  raw: 'steps',
  monthly: true,
  idempotent: [
    'transaction_states',
    'order_standing',
    'transaction_references',
    'posting_states',
    'posting_attempts',
    'stock_levels',
    'told_levels',
    'inventory_items',
    'stock_changes',
    'store_day_states',
    'rule_uses',
    'passed_over',
  ],
  additive: [
    { table: 'step_minutes', time: 'minute', holds: 'sum(events)', shouldHold: 'count()' },
    {
      table: 'completions',
      time: 'at',
      holds: 'count()',
      shouldHold: "countIf(status = 'completed' AND isNotNull(ended_at))",
    },
  ],
  keepsRejectedText: true,
};

export const casesLanding: Landing = {
  stream: streams.cases,
  topic: 'cases',
  schema: caseEvent,
  table: 'cases_landing',
  check: 'cases_check',
  raw: 'case_events',
  monthly: false,
  idempotent: ['case_rows', 'cause_states'],
  additive: [],
  keepsRejectedText: true,
};

const auditLanding: Landing = {
  stream: streams.audit,
  topic: undefined,
  schema: auditEvent,
  table: 'audit_landing',
  check: 'audit_check',
  raw: 'audit',
  monthly: true,
  idempotent: [],
  additive: [],
  // It may hold an e-mail address.
  keepsRejectedText: false,
};

/** Outcomes of repair runs; the runs themselves are few, and read where they are. */
const repairItemsLanding: Landing = {
  stream: streams.repairs,
  topic: 'cases',
  schema: repairItem,
  table: 'repair_items_landing',
  check: 'repair_items_check',
  raw: 'repair_item_events',
  monthly: false,
  idempotent: ['repair_item_states'],
  additive: [],
  keepsRejectedText: true,
};

/** What endpoints were told of business events; the events themselves are steps, which have landed. */
const deliveriesLanding: Landing = {
  stream: streams.deliveries,
  topic: undefined,
  schema: delivery,
  table: 'webhook_deliveries_landing',
  check: 'webhook_deliveries_check',
  raw: 'webhook_deliveries',
  monthly: true,
  idempotent: [],
  additive: [],
  keepsRejectedText: true,
};

/** Reconciliation is told with the cases: both are what people have to work on. */
const reconciliation = {
  stream: streams.reconciliation,
  topic: 'cases',
  monthly: false,
  additive: [],
  keepsRejectedText: true,
} as const;

const reconciliationRunsLanding: Landing = {
  ...reconciliation,
  schema: reconciliationRun,
  table: 'reconciliation_runs_landing',
  check: 'reconciliation_runs_check',
  raw: 'reconciliation_run_events',
  idempotent: ['reconciliation_run_states'],
};

const reconciliationBreaksLanding: Landing = {
  ...reconciliation,
  schema: reconciliationBreak,
  table: 'reconciliation_breaks_landing',
  check: 'reconciliation_breaks_check',
  raw: 'reconciliation_break_events',
  idempotent: ['reconciliation_break_states'],
};

/** One writer's share: it alone lands this subject, in stream order. */
export interface Shard {
  /** Names its lease and its claim. */
  name: string;
  landing: Landing;
  /** Value of the column `shard`. */
  number: number;
  subject: string;
}

/** With one shard a single writer lands all of STEPS, with eight each partition has its own. All other streams are always one. */
export function shardsOf(count: 1 | 8): Shard[] {
  const steps =
    count === 1
      ? [{ name: 'steps', landing: stepsLanding, number: 0, subject: subjects.allSteps }]
      : Array.from({ length: STEPS_PARTITIONS }, (_, i) => ({
          name: `steps-${i}`,
          landing: stepsLanding,
          number: i,
          subject: subjects.stepsOfPartition(i),
        }));
  return [
    ...steps,
    { name: 'cases', landing: casesLanding, number: 0, subject: subjects.allCases },
    { name: 'audit', landing: auditLanding, number: 0, subject: subjects.allAudit },
    { name: 'repairs', landing: repairItemsLanding, number: 0, subject: subjects.allRepairItems },
    { name: 'deliveries', landing: deliveriesLanding, number: 0, subject: subjects.allDeliveries },
    {
      name: 'reconciliation-runs',
      landing: reconciliationRunsLanding,
      number: 0,
      subject: subjects.allReconciliationRuns,
    },
    {
      name: 'reconciliation-breaks',
      landing: reconciliationBreaksLanding,
      number: 0,
      subject: subjects.allReconciliationBreaks,
    },
  ];
}
