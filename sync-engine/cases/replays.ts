import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { parked } from '#contracts/v1/case-machine.ts';
import { authorsOf, withAuthors } from '#contracts/v1/second-person.ts';
import { Refusal } from '../refusal.ts';
import { isOfMessage } from '../flows/message.ts';
import { replayed } from '../flows/replay.ts';
import type { Runners } from '../flows/runners.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Kicks } from '../work/kicks.ts';
import { standingOf } from './abandoned.ts';
import { readCaseEvents } from './case-events.ts';
import type { CaseStore, StoredCase } from './case-store.ts';
import type { ReplayConditions } from './replay-conditions.ts';

export interface ReplaysOptions {
  cases: CaseStore;
  conditions: ReplayConditions;
  log: TransactionLog;
  runners: Runners;
  js: JetStreamClient;
  manager: JetStreamManager;
  kicks: Pick<Kicks, 'kick'>;
  now: () => Date;
}

export interface ReplayWish {
  by: string;
  note: string;
  overrideStale: boolean;
  /** A correction that comes with the wish: the next payload version, durable already. */
  payload?: { version: number; document_seq: number };
  /** Who wrote the repair that comes with the wish, a correction or a mapping. */
  author?: string;
  /** Of whom the replay is one of many. */
  run?: string;
}

/** Replays of cases: asked for, approved where that is needed, and carried into their transactions. */
export class Replays {
  readonly #options: ReplaysOptions;

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  /**
   * Asks for a replay of the case as it is in `current`. Its status afterwards says whether it replays or awaits a
   * second person.
   * @returns undefined where somebody else was first.
   * @throws Refusal where a condition does not hold.
   */
  async ask(current: StoredCase, wish: ReplayWish): Promise<CaseState | undefined> {
    const { cases, conditions, now } = this.#options;
    const { state } = current;
    const { payload } = wish;
    const corrected = payload ?? (await this.correctedPayload(state));
    await conditions.demand(state, corrected, wish);
    const worth = await conditions.moreThanOnePerson(state, corrected);
    const waits = worth !== undefined;
    const after = await cases.change(current, {
      type: waits ? 'approval_requested' : 'replay_requested',
      actor: wish.by,
      note: wish.note,
      detail: {
        ...(wish.run === undefined ? {} : { run: wish.run }),
        ...(wish.overrideStale ? { override_stale: 'true' } : {}),
        ...(payload === undefined
          ? {}
          : { payload_version: String(payload.version), document_seq: String(payload.document_seq) }),
      },
      patch: {
        repair_run: wish.run,
        ...(wish.author === undefined ? {} : withAuthors(state, wish.author)),
        ...(payload === undefined
          ? {}
          : { payload_version: payload.version, payload_seq: payload.document_seq, fixed_by: wish.author }),
        ...(waits
          ? {
              ...parked(state),
              status: 'awaiting_approval',
              approval: {
                requested_by: wish.by,
                requested_at: now().toISOString(),
                override_stale: wish.overrideStale,
                ...worth,
              },
            }
          : { status: 'replaying' }),
      },
    });
    if (after === undefined) return undefined;
    if (!waits) await this.apply(after.state, wish.by);
    return after.state;
  }

  /** A second person lets the replay go. @returns undefined where somebody else was first. */
  async approve(current: StoredCase, by: string, note: string): Promise<CaseState | undefined> {
    const { cases, conditions } = this.#options;
    const { state } = current;
    const overrideStale = state.approval?.override_stale === true;
    await conditions.demand(state, await this.correctedPayload(state), { overrideStale });
    const patch = { status: 'replaying', approval: undefined, parked_from: undefined } as const;
    const after = await cases.change(current, { type: 'approved', actor: by, note, patch });
    if (after === undefined) return undefined;
    await this.apply(after.state, by);
    return after.state;
  }

  /** Carries a case in `replaying` into its transaction. Repeating it is harmless: a sweeper does so after a crash. */
  async apply({ case_id }: Pick<CaseState, 'case_id'>, by: string): Promise<void> {
    const { kicks, cases } = this.#options;
    // What a sweeper saw a moment ago may be over, and asked for anew with another payload.
    const current = await cases.get(case_id);
    if (current?.state.status !== 'replaying') return;
    const { state } = current;
    const received = await this.correctedPayload(state);
    const runner = this.#runner(state.flow);
    const { rereads, payload } = runner.flow;
    const ofPayload = isOfMessage(runner.flow, state.step) ? undefined : payload?.rebuild;
    const rebuild = received === undefined ? ofPayload : (rereads ?? ofPayload);
    const result = await runner.amend(state.key, (view) =>
      replayed(view, {
        case_id: state.case_id,
        revision: state.revision,
        by,
        payload_version: state.payload_version,
        authors: authorsOf(state),
        background: state.repair_run !== undefined,
        ...(received === undefined ? {} : { received }),
        ...(rebuild === undefined ? {} : { rebuild }),
      }),
    );
    if (result === 'unknown') {
      await this.#end(current, 'discarded', gone().message);
      throw gone();
    }
    if ('refuse' in result) {
      // Where the transaction is only about to stop, the sweeper carries the replay into it afterwards.
      const head = await this.#options.log.reload(state.flow, state.key);
      if (standingOf(state, head) !== 'abandoned') return;
      // Neither stopped by this case nor on its way past it: it went on before the replay came.
      return this.#end(current, 'resolved', 'The order had gone on before the replay.');
    }
    await kicks.kick({ flow: state.flow, key: state.key }, `${state.case_id}:${state.revision}`);
  }

  /** Where the newest correction of the payload lies, if there is one. */
  async correctedPayload(state: CaseState): Promise<{ document_seq: number } | undefined> {
    if (state.payload_seq !== undefined) return { document_seq: state.payload_seq };
    if (state.payload_version === 1) return undefined;
    // Cases of before kept it in their events alone.
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

  /** Closes a case that no transaction waits for. Where somebody changed it meanwhile, the sweeper comes again. */
  async #end(current: StoredCase, status: 'resolved' | 'discarded', outcome: string): Promise<void> {
    const patch = { status, outcome, closed_at: this.#options.now().toISOString() };
    await this.#options.cases.change(current, { type: status, actor: 'syncline', note: outcome, patch });
  }
}

const gone = () => new Refusal('not_found', 'The transaction of this case is no longer kept.');
