import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { CaseStore, StoredCase } from '../cases/case-store.ts';
import { readCaseEvents } from '../cases/case-events.ts';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { FULFILMENT_MESSAGE } from '../flows/message.ts';
import { discarded, replayed, restored } from '../flows/replay.ts';
import { changed, conflict, existingCase, openCase } from './case-commands.ts';
import { Refusal, authorise, replying } from './replies.ts';
import type { Runners } from '../flows/runners.ts';
import type { Kicks } from '../work/kicks.ts';

export interface ReplayCommandsOptions {
  cases: CaseStore;
  runners: Runners;
  js: JetStreamClient;
  manager: JetStreamManager;
  kicks: Pick<Kicks, 'kick'>;
  now: () => Date;
}

/** Replays, discards and restores: commands that move a case and its transaction together. */
export class ReplayCommands {
  readonly #options: ReplayCommandsOptions;

  constructor(options: ReplayCommandsOptions) {
    this.#options = options;
  }

  handlers(): Pick<CommandHandlers, 'case.replay' | 'case.discard' | 'case.restore'> {
    return {
      'case.replay': (request) =>
        replying(async () => {
          authorise(request.actor, 'cases.replay');
          const current = await openCase(this.#options.cases, request.case_id, request.revision);
          if (!REPLAYABLE.has(current.state.status))
            throw new Refusal(
              'refused',
              `A case that is ${current.state.status.replace('_', ' ')} cannot be replayed.`,
            );
          const reply = await changed(this.#options.cases, request, 'Replaying.', () => ({
            type: 'replay_requested',
            note: request.note,
            patch: { status: 'replaying' },
          }));
          if (reply.ok && reply.case !== undefined) await this.apply(reply.case, request.actor.id);
          return reply;
        }),
      'case.discard': (request) =>
        replying(async () => {
          authorise(request.actor, 'cases.discard');
          const closed_at = this.#options.now().toISOString();
          const reply = await changed(this.#options.cases, request, 'Discarded.', (state) => {
            if (state.status === 'replaying')
              throw new Refusal('refused', 'The case is being replayed; wait for its outcome.');
            return {
              type: 'discarded',
              note: request.reason,
              patch: { status: 'discarded', closed_at, outcome: request.reason },
            };
          });
          if (reply.ok && reply.case !== undefined) {
            const { case_id, flow, key } = reply.case;
            const by = request.actor.id;
            await this.#runner(flow).amend(key, (view) => discarded(view, { case_id, by, reason: request.reason }));
          }
          return reply;
        }),
      'case.restore': (request) =>
        replying(async () => {
          authorise(request.actor, 'cases.discard');
          const current = await existingCase(this.#options.cases, request.case_id);
          if (current.state.status !== 'discarded')
            throw new Refusal('refused', 'Only a discarded case can be restored.');
          if (current.state.revision !== request.revision) throw conflict(current.state);
          return this.#restore(current, request.actor.id, request.note);
        }),
    };
  }

  async #restore(current: StoredCase, by: string, note: string) {
    const { cases } = this.#options;
    const { case_id, flow, key } = current.state;
    // The order first: one that went on without this case, being cancelled, has nothing to be restored.
    const amended = await this.#runner(flow).amend(key, (view) => restored(view, { case_id, by }));
    if (amended === 'unknown') throw gone();
    if ('refuse' in amended) throw new Refusal('refused', amended.refuse);
    const patch: Partial<CaseState> = { status: 'open', closed_at: '', outcome: '' };
    const after = await cases.change(current, { type: 'restored', actor: by, note, patch });
    if (after === undefined) throw conflict((await existingCase(cases, case_id)).state);
    return { ok: true as const, case: after.state, message: 'Restored.' };
  }

  /** Carries a case in `replaying` into its transaction. Repeating it is harmless: a sweeper does so after a crash. */
  async apply(state: CaseState, by: string): Promise<void> {
    const { kicks, cases } = this.#options;
    // What a sweeper saw a moment ago may be over.
    const current = await cases.get(state.case_id);
    if (current?.state.status !== 'replaying') return;
    const received = await this.#correctedPayload(state);
    const result = await this.#runner(state.flow).amend(state.key, (view) =>
      replayed(view, {
        case_id: state.case_id,
        revision: state.revision,
        by,
        payload_version: state.payload_version,
        ...(received === undefined ? {} : { received }),
        ...(state.flow === 'order_to_cash' && state.step !== FULFILMENT_MESSAGE ? { rebuild: REBUILD } : {}),
      }),
    );
    if (result === 'unknown') {
      await this.#end(current, 'discarded', gone().message);
      throw gone();
    }
    // Neither stopped by this case nor on its way past it: it went on before the replay came.
    if ('refuse' in result) return this.#end(current, 'resolved', 'The order had gone on before the replay.');
    await kicks.kick({ flow: state.flow, key: state.key }, `${state.case_id}:${state.revision}`);
  }

  /** Closes a case that no transaction waits for. Where somebody changed it meanwhile, the sweeper comes again. */
  async #end(current: StoredCase, status: 'resolved' | 'discarded', outcome: string): Promise<void> {
    const patch = { status, outcome, closed_at: this.#options.now().toISOString() };
    await this.#options.cases.change(current, { type: status, actor: 'syncline', note: outcome, patch });
  }

  /** Where the newest correction of the payload lies, if there is one. */
  async #correctedPayload(state: CaseState): Promise<{ document_seq: number } | undefined> {
    if (state.payload_version === 1) return undefined;
    const { js, manager } = this.#options;
    const events: CaseEvent[] = await readCaseEvents(js, manager, state.case_id);
    const fix = events.findLast(({ detail }) => detail['payload_version'] === String(state.payload_version));
    const seq = Number(fix?.detail['document_seq']);
    return Number.isInteger(seq) && seq > 0 ? { document_seq: seq } : undefined;
  }

  #runner(flow: CaseState['flow']) {
    const runner = this.#options.runners.get(flow);
    if (runner === undefined) throw new Refusal('refused', `The flow ${flow} does not run here.`);
    return runner;
  }
}

const gone = () => new Refusal('not_found', 'The transaction of this case is no longer kept.');

/** What makes an order canonical and valid again after its payload or a mapping changed. */
const REBUILD = ['canonicalise', 'validate'] as const;

const REPLAYABLE: ReadonlySet<CaseState['status']> = new Set(['open', 'assigned', 'fixed', 'awaiting_approval']);
