import type { Repair, RepairOutcome, RepairRun, RepairRunStatus } from '#contracts/v1/repair.ts';
import type { Condition } from '#app/components/status-mark.tsx';

interface Words {
  word: string;
  condition: Condition;
}

const statuses: Record<RepairRunStatus, Words> = {
  trying: { word: 'trying, nothing is sent', condition: 'info' },
  tried: { word: 'tried, not started', condition: 'warn' },
  replaying: { word: 'replaying', condition: 'info' },
  paused: { word: 'paused', condition: 'warn' },
  aborted: { word: 'aborted', condition: 'none' },
  done: { word: 'done', condition: 'good' },
};

/** Where a run is, by word and shape. */
export const repairStatusWords = (status: RepairRunStatus): Words => statuses[status];

const outcomes: Record<RepairOutcome, Words> = {
  pending: { word: 'not tried yet', condition: 'none' },
  would_cure: { word: 'would be cured', condition: 'info' },
  cannot_know: { word: 'cannot be known', condition: 'warn' },
  not_cured: { word: 'not cured', condition: 'bad' },
  changed: { word: 'changed meanwhile', condition: 'warn' },
  replaying: { word: 'replaying', condition: 'info' },
  resolved: { word: 'resolved', condition: 'good' },
  failed_again: { word: 'failed again', condition: 'bad' },
  awaits_approval: { word: 'awaits approval', condition: 'warn' },
  refused: { word: 'refused', condition: 'bad' },
  left_out: { word: 'left as it was', condition: 'none' },
};

/** What became of one case in a run, by word and shape. */
export const repairOutcomeWords = (outcome: RepairOutcome): Words => outcomes[outcome];

/** The order in which outcomes are told: what ended well first, what needs somebody last. */
export const outcomesInOrder: readonly RepairOutcome[] = [
  'resolved',
  'replaying',
  'would_cure',
  'cannot_know',
  'pending',
  'awaits_approval',
  'changed',
  'left_out',
  'refused',
  'not_cured',
  'failed_again',
];

/** Cases a start would replay: tried, and not ruled out. */
export const toReplay = ({ counts }: Pick<RepairRun, 'counts'>): number =>
  (counts.would_cure ?? 0) + (counts.cannot_know ?? 0);

/** What a repair does, as a sentence without its full stop. */
export function repairWords(repair: Repair, systemName: (id: string) => string): string {
  switch (repair.kind) {
    case 'none':
      return 'Try again with the payload as it is';
    case 'mapping': {
      const { kind, system, code, target } = repair.mapping;
      return `Map the ${kind.replaceAll('_', ' ')} “${code}” to “${target}” for ${systemName(system)}`;
    }
    case 'patch': {
      const [first, ...rest] = repair.operations;
      const more = rest.length === 0 ? '' : `, and ${rest.length} more ${rest.length === 1 ? 'change' : 'changes'}`;
      return first === undefined ? 'Change nothing' : `${operationWords(first)}${more}`;
    }
  }
}

type Operation = Extract<Repair, { kind: 'patch' }>['operations'][number];

/** One operation of a patch: “Replace "OLD" at /line_items/*\/sku with "NEW"”. */
export function operationWords(operation: Operation): string {
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  switch (operation.op) {
    case 'replace':
      return operation.was === undefined
        ? `Set ${operation.path} to ${text(operation.value)}`
        : `Replace ${text(operation.was)} at ${operation.path} with ${text(operation.value)}`;
    case 'add':
      return `Add ${text(operation.value)} at ${operation.path}`;
    case 'remove':
      return operation.was === undefined
        ? `Remove ${operation.path}`
        : `Remove ${text(operation.was)} at ${operation.path}`;
    case 'test':
      return `Only where ${operation.path} is ${text(operation.value)}`;
  }
}
