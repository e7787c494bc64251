import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Flow as FlowName } from '#contracts/v1/step-event.ts';
import type { SlaClass } from '#contracts/v1/subjects.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type {
  Asked,
  Attempt,
  Call,
  CallStep,
  Flow,
  InlineStep,
  Outcome,
  Step,
  Stopped,
  Taken,
  View,
  WaitStep,
} from './flow.ts';
import { type FlowState, type Head, queueClass, type Signal } from './state.ts';
import type { StepRecord, TransactionLog } from './transaction-log.ts';
import { orProblem } from '../outage.ts';
import { attempted, compensationOf, compensations } from './compensations.ts';
import { OWN_SYSTEM, type Transition, transitions } from './transitions.ts';
import { withPosting } from './with-posting.ts';
import type { CaseDesk } from './case-desk.ts';
import { orPassOver, type PassOver } from './pass-over.ts';
import type { Cured } from './cured.ts';

/** What a connector is asked to do; the transaction's head says the rest. */
export interface Work {
  flow: FlowName;
  key: string;
}

export interface RunnerOptions<Data, Env> {
  flow: Flow<Data, Env>;
  log: TransactionLog;
  estate: () => Estate;
  cases: CaseDesk;
  passOver: PassOver;
  /** Puts work for a connector onto its queue; repeating it with the same id is harmless. */
  enqueue(system: string, slaClass: SlaClass, work: Work, id: string): Promise<void>;
  /** Makes the references among a step's attributes findable, durably, before the step is. */
  index?: (key: string, attributes: Readonly<Record<string, string>>) => Promise<void>;
  /** What there is for a failure that would stop a transaction; undefined: it stops. */
  cure?(
    view: View<Data>,
    step: Step<Data, Env>,
    problems: readonly [CaseProblem, ...CaseProblem[]],
    attempt: Attempt,
  ): Promise<Cured<Data> | undefined>;
  now: () => Date;
}

/**
 * Drives transactions of one flow. Every public function may be repeated at any time by any replica: it reads the
 * checkpoint, does what is missing and appends under the fence; who loses a race reads again.
 */
export class Runner<Data, Env> {
  readonly #options: RunnerOptions<Data, Env>;

  constructor(options: RunnerOptions<Data, Env>) {
    this.#options = options;
  }

  get flow(): Flow<Data, Env> {
    return this.#options.flow;
  }

  view(head: Head<Data>): View<Data> {
    const { estate, now } = this.#options;
    return { key: head.key, state: head.state, data: head.state.data, estate: estate(), now: now() };
  }

  /** Begins a transaction with its first event, unless it exists, and drives it. */
  async start(key: string, state: FlowState<Data>, first: StepRecord): Promise<void> {
    const { log, flow, estate } = this.#options;
    // Nearly always it does not exist. Where it does, the fence refuses the event, and what is there is read.
    const begun = { ...state, deadline: flow.deadline(state, estate()) };
    const head = await log.append(flow.name, key, undefined, first, begun);
    await this.#driveFrom(key, head ?? (await log.head<Data>(flow.name, key)));
  }

  /** As `drive`, for whoever was asked to by another replica: what this one remembers may be older than the request. */
  async resume(key: string): Promise<void> {
    await this.#options.log.reload(this.flow.name, key);
    await this.drive(key);
  }

  /** Goes on from the checkpoint until the transaction waits for somebody else, is stopped or has finished. */
  async drive(key: string): Promise<void> {
    await this.#driveFrom(key, await this.#options.log.head<Data>(this.flow.name, key));
  }

  async #driveFrom(key: string, from: Head<Data> | undefined): Promise<void> {
    for (let head = from; head !== undefined;) {
      if (head.state.resolving !== undefined) await this.#options.cases.resolve(head.state.resolving);
      head = await this.#advance(head);
    }
  }

  /** One step from `head`. @returns the head to go on from, undefined where there is nothing more to do now. */
  async #advance(head: Head<Data>): Promise<Head<Data> | undefined> {
    const { state } = head;
    // A call under way belongs to its connector's queue, and its message is still there.
    if (state.phase === 'finished' || state.running !== undefined) return undefined;
    if (state.phase === 'forward') {
      const interrupt = this.flow.interrupt?.(this.view(head));
      if (interrupt !== undefined)
        return this.#commit(head, compensations.interrupt(this.view(head), interrupt, attempted(this.flow, state)));
    }
    if (state.held !== undefined || state.blocked_by !== undefined) return undefined;
    if (state.phase === 'compensating') return this.#compensate(head);
    const step = this.step(state.step);
    switch (step.kind) {
      case 'inline':
        return this.#inline(head, step);
      case 'call':
        return this.#call(head, step);
      case 'wait':
        return this.#wait(head, step);
    }
  }

  step(name: string): Step<Data, Env> {
    const step = this.flow.steps.get(name);
    if (step === undefined) throw new Error(`flow ${this.flow.name} has no step "${name}"`);
    return step;
  }

  async #inline(head: Head<Data>, step: InlineStep<Data, Env>): Promise<Head<Data> | undefined> {
    const startedAt = this.#options.now();
    const outcome = await orProblem(() => step.run(this.view(head), this.flow.env));
    return this.#settle(head, step, outcome, { startedAt });
  }

  async #call(head: Head<Data>, step: CallStep<Data, Env>): Promise<Head<Data> | undefined> {
    const startedAt = this.#options.now();
    const asked = await this.#ask(head, step, step.call);
    if (asked.status === 'call') return this.#enqueue(head, asked.system);
    if (asked.status === 'quarantined') return this.#stop(head, step, asked, { startedAt });
    return this.#settle(head, step, asked, { startedAt, system: asked.system });
  }

  /** Whom to call, or why there is nothing to call. */
  #ask(head: Head<Data>, step: Step<Data, Env>, call: Call<Data, Env>): Promise<Asked<Data> | Stopped> {
    return orProblem(async () => {
      const view = this.view(head);
      const system = call.system(view);
      const reason = await call.skip?.(view, this.flow.env);
      if (reason !== undefined) return { status: 'skipped', system, attributes: { reason } };
      // What may have been done already is looked up first, which is a read: only what is not found is passed over.
      const passed = head.state.may_exist === true ? undefined : await this.passedOver(head, step, call);
      return passed ?? { status: 'call', system };
    });
  }

  /** What a step comes to whose system is only observed; undefined where it is to be called. */
  passedOver(head: Head<Data>, step: Step<Data, Env>, call: Call<Data, Env>) {
    const due = { view: this.view(head), env: this.flow.env, step: step.name, after: head.ordinal, call };
    return orPassOver(due, this.#options.passOver);
  }

  async #wait(head: Head<Data>, step: WaitStep<Data, Env>): Promise<Head<Data> | undefined> {
    const startedAt = this.#options.now();
    const reason = step.skip?.(this.view(head), this.flow.env);
    if (reason !== undefined)
      return this.#settle(head, step, { status: 'skipped', attributes: { reason } }, { startedAt });
    const ids = step.accepts(this.view(head), head.state.inbox, this.flow.env);
    if (ids.length === 0) return undefined;
    const taken = head.state.inbox.filter((signal) => ids.includes(signal.id));
    const outcome = await orProblem(() => step.apply(this.view(head), taken, this.flow.env));
    const attempt = { startedAt, ...(taken[0] === undefined ? {} : { signal: taken[0] }) };
    // A signal that cannot be applied stays in the inbox, for the replay.
    if (outcome.status === 'quarantined') return this.#settle(head, step, outcome, attempt);
    const inbox = head.state.inbox.filter((signal) => !ids.includes(signal.id));
    return this.#settle({ ...head, state: { ...head.state, inbox } }, step, outcome, attempt);
  }

  async #compensate(head: Head<Data>): Promise<Head<Data> | undefined> {
    const next = compensationOf(this.flow, head.state);
    if (next === undefined) return this.#commit(head, compensations.cancelled(this.view(head), this.flow.cancelled));
    if (next.kind === 'wait') return undefined;
    const startedAt = this.#options.now();
    const outcome =
      next.kind === 'call'
        ? next.undo && (await this.#ask(head, next, next.undo))
        : await orProblem(() => next.undo?.(this.view(head), this.flow.env));
    if (outcome === undefined) return undefined;
    if (outcome.status === 'call') return this.#enqueue(head, outcome.system);
    if (outcome.status === 'quarantined') return this.#stop(head, next, outcome, { startedAt });
    const system = 'system' in outcome ? outcome.system : OWN_SYSTEM;
    return this.#commit(head, compensations.compensated(this.view(head), next.name, system, outcome, { startedAt }));
  }

  /** Appends what an inline or wait step came to. */
  async #settle(head: Head<Data>, step: Step<Data, Env>, outcome: Outcome<Data>, attempt: Attempt) {
    if (outcome.status === 'quarantined') return this.#stop(head, step, outcome, attempt);
    return this.#commit(head, transitions.passed(this.view(head), step, outcome, attempt));
  }

  async #stop(head: Head<Data>, step: Step<Data, Env>, { problems }: Stopped, attempt: Attempt) {
    await this.quarantine(head, step, problems, attempt);
    return this.#present(head);
  }

  /**
   * Stops the transaction with a case, which is durable first, unless it can be cured at once. False where another
   * writer was first: where that one got past the step the sweeper resolves the case, as it does after a crash.
   */
  async quarantine(
    head: Head<Data>,
    step: Step<Data, Env>,
    problems: readonly [CaseProblem, ...CaseProblem[]],
    attempt: Attempt,
  ): Promise<boolean> {
    const cured = await this.#options.cure?.(this.view(head), step, problems, attempt);
    if (cured !== undefined && 'record' in cured) return (await this.append(head, cured)) !== undefined;
    const failed = { step: step.name, system: attempt.system ?? OWN_SYSTEM, ...cured };
    const caseId = await this.#options.cases.open(this.flow.name, head, failed, problems);
    const transition = transitions.quarantined(this.view(head), step, problems, caseId, attempt);
    return (await this.append(head, transition)) !== undefined;
  }

  /** @returns the head it leaves or, where another writer was first, the one that writer left. */
  async #commit(head: Head<Data>, transition: Transition<Data>): Promise<Head<Data> | undefined> {
    return (await this.append(head, transition)) ?? this.#present(head);
  }

  #present({ key }: Head<Data>): Promise<Head<Data> | undefined> {
    return this.#options.log.head<Data>(this.flow.name, key);
  }

  /** Appends one transition with its deadline. Undefined where another writer was first. */
  async append(head: Head<Data>, decided: Transition<Data>, writer?: string): Promise<Head<Data> | undefined> {
    const { log, flow, estate, index, cases } = this.#options;
    const transition = await withPosting(this.view(head), flow.steps, decided);
    // After a crash nobody may have closed the case yet, and with this event it would be forgotten.
    const { resolving } = head.state;
    if (resolving !== undefined && transition.state.resolving !== resolving) await cases.resolve(resolving);
    await index?.(head.key, transition.record.attributes ?? {});
    const state = { ...transition.state, deadline: flow.deadline(transition.state, estate()) };
    return log.append(flow.name, head.key, head, transition.record, state, writer);
  }

  async #enqueue(head: Head<Data>, system: string): Promise<Head<Data> | undefined> {
    const id = `${head.key}:${head.ordinal}`;
    await this.#options.enqueue(system, queueClass(head.state), { flow: this.flow.name, key: head.key }, id);
    return undefined;
  }

  /** Accepts a signal: once, durably, and then goes on, unless the flow refuses it. */
  async signal(key: string, signal: Signal): Promise<'accepted' | 'duplicate' | 'unknown' | Exclude<Taken, 'now'>> {
    const { log, flow } = this.#options;
    for (let fresh = false; ;) {
      const head = await (fresh ? log.reload<Data>(flow.name, key) : log.head<Data>(flow.name, key));
      if (head === undefined) return 'unknown';
      if (head.state.signals.includes(signal.id)) {
        await this.drive(key);
        return 'duplicate';
      }
      const taken = (await flow.takes?.(this.view(head), signal, flow.env)) ?? 'now';
      // Nothing is refused from memory: another replica may have gone on.
      if (taken !== 'now' && fresh) return taken;
      if (taken !== 'now') {
        fresh = true;
        continue;
      }
      if ((await this.append(head, transitions.signalled(this.view(head), signal))) !== undefined) break;
    }
    await this.drive(key);
    return 'accepted';
  }

  /** Applies a decision of a person to the transaction, whatever else happens to it meanwhile. */
  async amend(
    key: string,
    decide: (view: View<Data>) => Transition<Data> | { refuse: string } | 'nothing',
  ): Promise<{ done: true } | { refuse: string } | 'unknown'> {
    for (;;) {
      const head = await this.#options.log.reload<Data>(this.flow.name, key);
      if (head === undefined) return 'unknown';
      const decision = decide(this.view(head));
      if (decision === 'nothing') return { done: true };
      if ('refuse' in decision) return decision;
      if ((await this.append(head, decision)) !== undefined) return { done: true };
    }
  }
}
