import type { CaseState } from '#contracts/v1/case.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { Replays } from '../cases/replays.ts';
import type { Documents } from '../documents.ts';
import { isOfMessage } from '../flows/message.ts';
import type { View } from '../flows/flow.ts';
import { currentStep, doneOutside } from '../flows/replay.ts';
import type { Runner } from '../flows/runner.ts';
import type { Runners } from '../flows/runners.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { transitions } from '../flows/transitions.ts';
import type { Kicks } from '../work/kicks.ts';
import { existingCase, openCase } from './case-commands.ts';
import { dryRun } from '../flows/dry-run.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface TrialCommandsOptions {
  cases: CaseStore;
  documents: Documents;
  log: TransactionLog;
  runners: Runners;
  connectors: Connectors;
  replays: Pick<Replays, 'correctedPayload'>;
  kicks: Pick<Kicks, 'after'>;
}

/** Commands that look before anything is sent: the dry run, and the document somebody made by hand. */
export function trialCommands(
  options: TrialCommandsOptions,
): Pick<CommandHandlers, 'case.dry-run' | 'case.done-outside'> {
  const { cases, runners, log, connectors, documents, kicks } = options;
  return {
    'case.dry-run': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const { state } = await existingCase(cases, request.case_id);
        const { runner, view } = await triable(state);
        const payload = request.payload ?? (await correctedPayload(state));
        const tried = await dryRun(runner.flow, {
          view,
          failedStep: view.state.resume_at ?? state.step,
          mappings: request.mappings,
          connectors,
          sentBefore: (step) => documents.lastExchange(state.key, step),
          ...(payload === undefined ? {} : { payload }),
        });
        const message = tried.ok
          ? 'Nothing was sent. A replay would go on like this.'
          : 'Nothing was sent. A replay would stop again.';
        return { ok: true, dry_run: tried, message };
      }),
    'case.done-outside': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const { state } = await openCase(cases, request.case_id, request.revision);
        const { runner, view } = await triable(state);
        const step = runner.step(currentStep(view.state));
        if (step.kind !== 'call' || view.state.phase !== 'forward')
          throw new Refusal(
            'refused',
            `${step.name} makes no document outside, so there is nothing that could have been done there.`,
          );
        const input = await step.call.input(view, runner.flow.env);
        const system = step.call.system(view);
        const found = await lookUp(system, () => connectors.find(system, step.call.verb, input));
        if (!Object.values(found as Record<string, unknown>).includes(request.document_number))
          throw new Refusal(
            'refused',
            `${system} has a document for this transaction, but its number is not ${request.document_number}.`,
          );
        const result = await kicks.after({ flow: state.flow, key: state.key }, () =>
          runner.amend(state.key, (now) => {
            const outcome = step.call.done(now, found, input);
            if (outcome.status === 'quarantined') return { refuse: outcome.problems[0].message };
            const passed = transitions.passed(now, step, outcome, { startedAt: now.now, system });
            return doneOutside(
              now,
              { case_id: state.case_id, by: request.actor.id, document_number: request.document_number },
              passed,
            );
          }),
        );
        if (result === 'unknown') throw new Refusal('not_found', 'The transaction of this case is no longer kept.');
        if ('refuse' in result) throw new Refusal('refused', result.refuse);
        return {
          ok: true,
          message: `${request.document_number} was found in ${system}; the transaction goes on after ${step.name}.`,
        };
      }),
  };

  async function triable(state: CaseState): Promise<{ runner: Runner<unknown, unknown>; view: View<unknown> }> {
    const runner = runners.get(state.flow);
    if (runner === undefined || isOfMessage(runner.flow, state.step))
      throw new Refusal('refused', 'A message cannot be tried. Replaying it does nothing but apply it.');
    const head = await log.reload(state.flow, state.key);
    if (head === undefined) throw new Refusal('not_found', 'The transaction of this case is no longer kept.');
    return { runner, view: runner.view(head) };
  }

  /** The case's own correction, where it has one that the transaction has not taken over yet. */
  async function correctedPayload(state: CaseState): Promise<string | undefined> {
    const corrected = await options.replays.correctedPayload(state);
    return corrected && Buffer.from(await documents.received(corrected)).toString();
  }
}

async function lookUp(system: string, find: () => ReturnType<Connectors['find']>): Promise<unknown> {
  try {
    const result = await find();
    if (result === 'unknown')
      throw new Refusal('refused', `${system} cannot be asked for this document, so it cannot be verified.`);
    if (result === 'absent') throw new Refusal('refused', `${system} has no such document for this transaction.`);
    return result.found;
  } catch (error) {
    if (error instanceof ConnectorError)
      throw new Refusal('unavailable', `${system} could not be asked: ${error.message}`);
    throw error;
  }
}
