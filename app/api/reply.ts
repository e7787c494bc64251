import { z } from 'zod';
import { caseState, type CaseState } from '#contracts/v1/case.ts';
import { causeState } from '#contracts/v1/cause.ts';
import type { CommandError, CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import { dryRunResult, type DryRunResult } from '#contracts/v1/dry-run.ts';
import { reconciliationBreak, reconciliationRun } from '#contracts/v1/reconciliation.ts';
import { repairRule, rulesSwitch } from '#contracts/v1/repair-rule.ts';
import { repairRun } from '#contracts/v1/repair.ts';
import { shadowRun } from '#contracts/v1/shadow.ts';
import { webhook } from '#contracts/v1/webhook.ts';
import { maskText } from '#app/payloads/mask.ts';
import { showDocument } from '#app/payloads/show.ts';
import { maskProblems } from '#app/presenters/case-page.ts';
import { estateNames, inWords } from '#app/words/names.ts';
import { type Refusal, Refused } from '#platform/http/problem.ts';
import type { ApiCall } from './operation.ts';

/** Answer to everything that was asked of the engine and done: what it made of it, and what is now so. */
export const done = {
  name: 'Done',
  schema: z.object({
    message: z.string(),
    case: caseState.optional(),
    dry_run: dryRunResult.optional(),
    cause: causeState.optional(),
    run: repairRun.optional(),
    rule: repairRule.optional(),
    rules: rulesSwitch.optional(),
    shadow: shadowRun.optional(),
    reconciliation: reconciliationRun.optional(),
    break: reconciliationBreak.optional(),
    webhook: webhook.optional(),
    /** Shown once. */
    secret: z.string().optional(),
  }),
};

const answers: Record<CommandError['code'], Pick<Refusal, 'status' | 'reason' | 'title'>> = {
  forbidden: { status: 403, reason: 'forbidden', title: 'This may not be done' },
  invalid: { status: 422, reason: 'invalid', title: 'The content is not valid' },
  not_found: { status: 404, reason: 'unknown', title: 'Not found' },
  conflict: { status: 409, reason: 'conflict', title: 'Somebody else was first' },
  refused: { status: 409, reason: 'refused', title: 'Refused as things stand' },
  unavailable: { status: 503, reason: 'unavailable', title: 'Not done, try again' },
};

type AnyCall = Pick<ApiCall<unknown, unknown>, 'services' | 'may'>;

/** Asks the engine on behalf of the client. @throws Refused where it does not do it */
export async function command<N extends CommandName>(
  call: AnyCall,
  name: N,
  request: CommandRequest<N>,
): Promise<unknown> {
  const reply = await call.services.command(name, request);
  const names = estateNames(call.services.estate);
  if (!reply.ok) {
    const { code, message, fields, because } = reply.error;
    throw new Refused({
      ...answers[code],
      detail: inWords(message, names),
      ...(fields.length === 0 ? {} : { errors: fields }),
      ...(because === undefined ? {} : { because }),
      ...(code === 'unavailable' ? { headers: { 'retry-after': '2' } } : {}),
    });
  }
  const { ok: _ok, message, case: changed, dry_run: tried, ...rest } = reply;
  return {
    message: inWords(message, names),
    ...rest,
    ...(changed === undefined ? {} : { case: maskCase(call, changed) }),
    ...(tried === undefined ? {} : { dry_run: maskDryRun(call, tried) }),
  };
}

/** A case without personal data in its words. */
export function maskCase({ services }: Pick<AnyCall, 'services'>, state: CaseState): CaseState {
  return {
    ...state,
    problems: maskProblems(state.problems, estateNames(services.estate)),
    outcome: maskText(state.outcome),
  };
}

/** What would be sent, as far as the client may see it: masked without personal_data.read, not at all without payloads.read. */
function maskDryRun({ services, may }: AnyCall, run: DryRunResult): DryRunResult {
  const { canonical, ...known } = run;
  const show = (text: string) =>
    !may('payloads.read') ? '' : may('personal_data.read') ? text : showDocument(text, false).text;
  const shown = canonical === undefined ? '' : show(JSON.stringify(canonical));
  return {
    ...known,
    calls: run.calls.map(({ body, sent_before, ...one }) => ({
      ...one,
      body: show(body),
      ...(sent_before === undefined ? {} : { sent_before: show(sent_before) }),
    })),
    problems: maskProblems(run.problems, estateNames(services.estate)),
    ...(shown === '' ? {} : { canonical: JSON.parse(shown) as unknown }),
  };
}
