import type { CaseProblem } from '#contracts/v1/case.ts';
import type { DryRunResult } from '#contracts/v1/dry-run.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { maskText } from '#app/payloads/mask.ts';
import { showDocument } from '#app/payloads/show.ts';
import { inWords, systemName, type EstateNames } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';

/** A dry run ready to be shown: no personal data in it. */
export interface ShownDryRun {
  ok: boolean;
  steps: { step: string; word: string; condition: Condition; note: string }[];
  calls: { id: string; title: string; request: string; body: string; sentBefore: string | undefined }[];
  problems: CaseProblem[];
  /** Empty where the payload could not be understood. */
  canonical: string;
}

const outcomes: Record<DryRunResult['steps'][number]['outcome'], { word: string; condition: Condition }> = {
  passed: { word: 'passes', condition: 'good' },
  would_call: { word: 'would be sent', condition: 'info' },
  would_wait: { word: 'would wait', condition: 'none' },
  would_skip: { word: 'would be skipped', condition: 'none' },
  problem: { word: 'would stop here', condition: 'bad' },
  unknown: { word: 'cannot be told', condition: 'warn' },
};

export function presentDryRun(run: DryRunResult, names: EstateNames): ShownDryRun {
  return {
    ok: run.ok,
    steps: run.steps.map(({ step, outcome, note }) => ({
      step: stepLabel(step),
      ...outcomes[outcome],
      note: inWords(maskText(note), names),
    })),
    calls: run.calls.map((call, i) => ({
      id: `${i}`,
      title: `${systemName(names, call.system)}: ${stepLabel(call.step)}`,
      request: `${call.method} ${call.path}`,
      body: showDocument(call.body, false).text,
      sentBefore: call.sent_before === undefined ? undefined : showDocument(call.sent_before, false).text,
    })),
    problems: run.problems.map((problem) => ({ ...problem, message: inWords(maskText(problem.message), names) })),
    canonical: run.canonical === undefined ? '' : showDocument(JSON.stringify(run.canonical), false).text,
  };
}
