import type { CaseState } from '#contracts/v1/case.ts';
import { accepts } from '#contracts/v1/case-machine.ts';
import type { Repair, RepairItem } from '#contracts/v1/repair.ts';
import { standingOf } from '../cases/abandoned.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { Replays } from '../cases/replays.ts';
import { dryRun } from '../flows/dry-run.ts';
import { isOfMessage, type MessageData } from '../flows/message.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Documents } from '../documents.ts';
import type { Runner } from '../flows/runner.ts';
import type { Runners } from '../flows/runners.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { applyPatch, DoesNotApply } from './patch.ts';

export interface TrialOptions {
  cases: CaseStore;
  replays: Pick<Replays, 'correctedPayload'>;
  runners: Runners;
  log: TransactionLog;
  connectors: Pick<Connectors, 'prepare'>;
  documents: Pick<Documents, 'received'>;
}

export type TrialResult = Pick<RepairItem, 'outcome' | 'message' | 'systems'>;

const result = (outcome: TrialResult['outcome'], message = '', systems: string[] = []): TrialResult => ({
  outcome,
  message: message.slice(0, 2000),
  systems,
});

/** What a repair would do for one case, without effects. */
export class Trial {
  readonly #options: TrialOptions;

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  async run(item: Pick<RepairItem, 'case_id' | 'case_revision'>, repair: Repair): Promise<TrialResult> {
    const current = await this.#options.cases.get(item.case_id);
    if (current === undefined) return result('changed', 'The case is no longer kept.');
    const { state } = current;
    if (state.revision !== item.case_revision) return result('changed', changedSince(state));
    if (!accepts('replay_requested', state.status))
      return result('refused', `The case is ${state.status.replaceAll('_', ' ')}.`);
    const runner = this.#options.runners.get(state.flow);
    if (runner === undefined || isOfMessage(runner.flow, state.step)) return this.#message(state, repair);
    return this.#transaction(runner, state, repair);
  }

  /** The payload with the repair applied; undefined where the repair leaves payloads as they are. @throws DoesNotApply */
  async repaired(state: CaseState, repair: Repair): Promise<string | undefined> {
    if (repair.kind !== 'patch') return undefined;
    const source = (await this.#options.replays.correctedPayload(state)) ?? (await this.#inForce(state));
    if (source === undefined) throw new DoesNotApply('The payload is no longer kept.');
    const bytes = await this.#options.documents.received(source);
    return applyPatch(Buffer.from(bytes).toString(), repair.operations);
  }

  async #inForce(state: CaseState) {
    const head = await this.#options.log.reload<MessageData>(state.flow, state.key);
    return head?.state.data.received;
  }

  /** Applying a message is all there is to it, so nothing can be known without doing it. */
  async #message(state: CaseState, repair: Repair): Promise<TrialResult> {
    try {
      await this.repaired(state, repair);
    } catch (error) {
      if (error instanceof DoesNotApply) return result('not_cured', error.message);
      throw error;
    }
    return result('cannot_know', 'A message can only be applied; a replay does so, or returns it to its case.');
  }

  async #transaction(runner: Runner<unknown, unknown>, state: CaseState, repair: Repair): Promise<TrialResult> {
    const { log, connectors } = this.#options;
    const head = await log.reload(state.flow, state.key);
    if (head === undefined) return result('not_cured', 'The transaction of this case is no longer kept.');
    // A case is durable before the event that stops its transaction: one that is only about to stop is tried too.
    if (standingOf(state, head) === 'abandoned') return result('changed', 'The transaction has gone on since.');
    try {
      const payload = (await this.repaired(state, repair)) ?? (await this.#corrected(state));
      const dry = await dryRun(runner.flow, {
        view: runner.view(head),
        failedStep: head.state.resume_at ?? state.step,
        mappings: repair.kind === 'mapping' ? [repair.mapping] : [],
        connectors,
        sentBefore: () => Promise.resolve(undefined),
        ...(payload === undefined ? {} : { payload }),
      });
      const systems = [...new Set(dry.calls.map(({ system }) => system))].slice(0, 20);
      if (!dry.ok) return result('not_cured', dry.problems[0]?.message ?? 'The dry run stopped.', systems);
      return result('would_cure', '', systems);
    } catch (error) {
      if (error instanceof DoesNotApply) return result('not_cured', error.message);
      throw error;
    }
  }

  async #corrected(state: CaseState): Promise<string | undefined> {
    const source = await this.#options.replays.correctedPayload(state);
    return source && Buffer.from(await this.#options.documents.received(source)).toString();
  }
}

/** What somebody did to a case after the list was frozen. */
export const changedSince = (state: CaseState): string =>
  `The case changed after the list was made; it is ${state.status.replaceAll('_', ' ')} now.`;
