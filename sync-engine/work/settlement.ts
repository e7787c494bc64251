import type { System } from '#contracts/v1/estate.ts';
import type { ConnectorErrorDetail } from '../connectors/connector.ts';
import { compensations } from '../flows/compensations.ts';
import type { Attempt, Outcome } from '../flows/flow.ts';
import type { Runner } from '../flows/runner.ts';
import type { Head } from '../flows/state.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { afterFailure, transitions } from '../flows/transitions.ts';
import { retryDelayMs } from './backoff.ts';
import type { Task } from './call-task.ts';
import { PAUSED, PAUSED_BY_HAND } from './paused.ts';
import { problemOf } from './problem-of.ts';

/** `later`: the work must wait and be looked at again then. */
export type Performed = 'done' | { later: Date };
/**
 * Another writer was first. Its attempt may still be under way, and die: whoever let the message go without another look
 * would leave nobody to bring the work again.
 */
export type LostRace = 'lost race';

export interface SettlementOptions {
  system: System;
  log: TransactionLog;
  now: () => Date;
  random: () => number;
}

/** Records what an attempt at a call came to, as long as the attempt is still the transaction's. */
export class Settlement {
  readonly #options: SettlementOptions;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Appends the outcome on whatever has happened meanwhile, as long as the attempt is still this one. */
  async settle(
    runner: Runner<unknown, unknown>,
    task: Task,
    outcome: Outcome<unknown>,
    attempt: Attempt,
    error?: ConnectorErrorDetail,
  ): Promise<Performed | LostRace> {
    const unsent = outcome.status === 'quarantined' && outcome.unsent === true ? { mayHaveHappened: false } : undefined;
    const failure = error ?? unsent;
    for (let head: Head | undefined = task.head; head !== undefined; head = await this.#stillMine(task)) {
      const onto = failure === undefined ? head : { ...head, state: afterFailure(head.state, failure) };
      if (!(await this.#settleOnto(runner, { ...task, head: onto }, outcome, attempt))) continue;
      await runner.drive(task.head.key);
      return 'done';
    }
    return 'lost race';
  }

  async #settleOnto(
    runner: Runner<unknown, unknown>,
    task: Task,
    outcome: Outcome<unknown>,
    attempt: Attempt,
  ): Promise<boolean> {
    const view = runner.view(task.head);
    if (outcome.status === 'quarantined') return runner.quarantine(task.head, task.step, outcome.problems, attempt);
    if (!task.undo)
      return (await runner.append(task.head, transitions.passed(view, task.step, outcome, attempt))) !== undefined;
    const { id } = this.#options.system;
    const transition =
      outcome.status === 'superseded'
        ? compensations.compensationRefused(view, task.step.name, id, outcome, attempt)
        : compensations.compensated(view, task.step.name, id, outcome, attempt);
    return (await runner.append(task.head, transition)) !== undefined;
  }

  /** After a refused append: the present head, if the attempt in it is the one of `task`. */
  async #stillMine(task: Task): Promise<Head | undefined> {
    const head = await this.#options.log.head(task.flow, task.head.key);
    return head?.state.running?.writer === task.head.state.running?.writer ? head : undefined;
  }

  /** An attempt failed: it is made again, done without, or stops the transaction with a case. */
  async fail(
    runner: Runner<unknown, unknown>,
    task: Task,
    error: ConnectorErrorDetail,
    attempt: Attempt,
  ): Promise<Performed | LostRace> {
    const { system, now, random } = this.#options;
    const { state } = task.head;
    // While calls are paused nothing is tried, so nothing is used up, and what can be done without is not waited for,
    // unless a person wanted it to wait.
    const dispensable = system.degradable && !task.undo && !(task.step.kind === 'call' && task.step.essential === true);
    const paused = PAUSED.has(error.code);
    const waits = !dispensable || error.code === PAUSED_BY_HAND;
    const mayRetry = paused ? waits : error.retryable && state.attempt < system.retry.max_attempts;
    if (mayRetry) {
      const delay = Math.max(error.retryAfterMs ?? 0, retryDelayMs(state.attempt, system.retry, random));
      const retryAt = new Date(now().getTime() + delay);
      for (let head: Head | undefined = task.head; head !== undefined; head = await this.#stillMine(task)) {
        const transition = transitions.retrying(runner.view(head), task.step.name, system.id, error, retryAt, attempt);
        if (paused) transition.state.attempt = Math.max(0, head.state.attempt - 1);
        if ((await runner.append(head, transition)) !== undefined) return { later: retryAt };
      }
      return 'lost race';
    }
    if (dispensable) {
      const attributes = { reason: error.message, error_class: error.errorClass };
      const data = task.step.kind === 'call' ? task.step.call.without : undefined;
      return this.settle(runner, task, { status: 'degraded', attributes, ...(data && { data }) }, attempt);
    }
    return this.settle(
      runner,
      task,
      { status: 'quarantined', problems: [problemOf(error, system, state.attempt)] },
      attempt,
      error,
    );
  }
}
