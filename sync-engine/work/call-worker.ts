import type { System } from '#contracts/v1/estate.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { callVerb, type CallProgress } from '../connectors/call.ts';
import { ConnectorError, type PreparedCall, type Send, type Transport, type Verb } from '../connectors/connector.ts';
import type { Services } from '../connectors/services.ts';
import { impossible } from '../connectors/transport/answer.ts';
import type { Documents } from '../documents.ts';
import type { Outcome, PassedOver, Stopped } from '../flows/flow.ts';
import type { Runner, Work } from '../flows/runner.ts';
import type { Head } from '../flows/state.ts';
import { newSpanId, type TransactionLog } from '../flows/transaction-log.ts';
import { transitions } from '../flows/transitions.ts';
import { defectProblem, orProblem } from '../outage.ts';
import { OVERDUE } from './paused.ts';
import { type Task, taskOf } from './call-task.ts';
import { type LostRace, type Performed, Settlement } from './settlement.ts';

/** Runs one call under the connector's limits and breaker. */
export type Gate = <T>(call: () => Promise<T>) => Promise<T>;

export interface CallWorkerOptions {
  system: System;
  connector: { transport: Transport; services: Services };
  gate: Gate;
  /** Has a person paused the system? */
  paused?: () => boolean;
  documents: Documents;
  log: TransactionLog;
  /** Told of every attempt: `ok`, or the class of its error. */
  onCall?: (system: string, verb: string, outcome: string, milliseconds: number) => void;
  runner(work: Work): Runner<unknown, unknown> | undefined;
  now: () => Date;
  random: () => number;
}

/** What may be looked up once nobody pauses the system any more is tried again after this. */
const WHILE_PAUSED_MS = 15_000;
/** Time a call may still be under way beyond its timeout, as another replica sees it. */
export const MARGIN_MS = 2_000;

/** Does the calls to one outside system: started, called, settled, each fenced. */
export class CallWorker {
  readonly #options: CallWorkerOptions;
  readonly #settlement: Settlement;
  readonly #inFlight = new Map<string, Promise<Performed>>();

  constructor(options: CallWorkerOptions) {
    this.#options = options;
    this.#settlement = new Settlement(options);
  }

  /** One task of a transaction at a time: a second message of the same one waits and then finds out what is left. */
  async perform(work: Work): Promise<Performed> {
    const runner = this.#options.runner(work);
    if (runner === undefined) return 'done';
    const before = this.#inFlight.get(work.key);
    const task = (async () => {
      await before?.catch(() => undefined);
      return this.#perform(runner, work);
    })();
    this.#inFlight.set(work.key, task);
    try {
      return await task;
    } finally {
      if (this.#inFlight.get(work.key) === task) this.#inFlight.delete(work.key);
    }
  }

  async #perform(runner: Runner<unknown, unknown>, work: Work): Promise<Performed> {
    for (let fresh = false; ;) {
      const { log } = this.#options;
      const head = await (fresh ? log.reload(work.flow, work.key) : log.head(work.flow, work.key));
      const task = head === undefined ? undefined : taskOf(runner, head, this.#options.system.id);
      const busyUntil = task === undefined ? undefined : this.#busyUntil(task.head);
      // Another replica may have gone on since this one last looked. Letting the message go, or putting it off, is
      // therefore never decided from memory: nobody else would bring the work again.
      if (!fresh && (task === undefined || busyUntil !== undefined)) {
        fresh = true;
        continue;
      }
      if (task === undefined) {
        await runner.drive(work.key);
        return 'done';
      }
      if (busyUntil !== undefined) return { later: busyUntil };
      // What is passed over is pulled while a person pauses the system, but looking up is a call of it.
      if (task.head.state.may_exist === true && this.#options.paused?.() === true)
        return { later: new Date(this.#options.now().getTime() + WHILE_PAUSED_MS) };
      const performed = await this.#attempt(runner, task);
      if (performed !== 'lost race') return performed;
      fresh = true;
    }
  }

  /** Somebody else's call may still be under way until then; afterwards its effect can be looked up. */
  #busyUntil(head: Head): Date | undefined {
    const { running } = head.state;
    if (running === undefined) return undefined;
    const until = Date.parse(running.started_at) + this.#options.system.limits.timeout_s * 1000 + MARGIN_MS;
    return until > this.#options.now().getTime() ? new Date(until) : undefined;
  }

  /** Milliseconds in which this attempt may still begin a call; afterwards others may take it for dead. */
  #left(head: Head): number {
    const began = Date.parse(head.state.running?.started_at ?? '') || this.#options.now().getTime();
    return began + this.#options.system.limits.timeout_s * 1000 - this.#options.now().getTime();
  }

  #tooLate(): ConnectorError {
    const { name, limits } = this.#options.system;
    const message = `The attempt at ${name} did not begin within ${limits.timeout_s} s and was given up.`;
    const detail = {
      errorClass: 'timeout',
      code: OVERDUE,
      message,
      retryable: true,
      mayHaveHappened: false,
    } as const;
    return new ConnectorError(detail);
  }

  async #attempt(runner: Runner<unknown, unknown>, task: Task): Promise<Performed | LostRace> {
    const { system, log } = this.#options;
    const startedAt = this.#options.now();
    const view = runner.view(task.head);
    const asked = await orProblem(async () => ({
      system: task.call.system(view),
      input: await task.call.input(view, runner.flow.env),
      posting: { ...task.call.posting?.(view) },
    }));
    if ('problems' in asked) {
      const attempt = { startedAt, system: system.id };
      if (!(await runner.quarantine(task.head, task.step, asked.problems, attempt))) return 'lost race';
      await runner.drive(task.head.key);
      return 'done';
    }
    const { input, posting } = asked;
    const spanId = newSpanId();
    const writer = log.nextWriter();
    const lookUp = task.head.state.may_exist === true;
    const begun = runner.view(task.head);
    const started = transitions.started(begun, task.step.name, asked.system, writer, spanId, posting);
    const head = await runner.append(task.head, started, writer);
    if (head === undefined) return 'lost race';
    const progress: CallProgress = {};
    const mine = { ...task, head };
    const outcome = await this.#outcome(runner, mine, input, { lookUp, spanId, progress });
    const failure = outcome instanceof ConnectorError ? outcome : undefined;
    const tookMs = this.#options.now().getTime() - startedAt.getTime();
    this.#options.onCall?.(system.id, task.call.verb, failure?.detail.errorClass ?? 'ok', tookMs);
    const kept = await this.#keep(mine, progress, startedAt, failure?.message);
    const attempt = { startedAt, system: system.id, attributes: { ...posting, ...kept }, spanId };
    if (outcome instanceof ConnectorError) return this.#settlement.fail(runner, mine, outcome.detail, attempt);
    return this.#settlement.settle(runner, mine, outcome, attempt);
  }

  /** What the call came to. A defect of ours in it fails the attempt like any other, so that it ends as a case. */
  async #outcome(
    runner: Runner<unknown, unknown>,
    task: Task,
    input: unknown,
    { lookUp, spanId, progress }: { lookUp: boolean; spanId: string; progress: CallProgress },
  ): Promise<Outcome<unknown> | ConnectorError> {
    try {
      const view = runner.view(task.head);
      const send = this.#sender(task, spanId);
      const verb = this.#verb(task);
      const found = lookUp ? await verb.find?.(input, send) : undefined;
      const problem = found === undefined ? await task.call.forbidden?.(view, runner.flow.env) : undefined;
      if (problem !== undefined) return { status: 'quarantined', problems: [problem], unsent: true };
      // It may have become only observed since this was put onto its queue.
      const passed = found === undefined ? await runner.passedOver(task.head, task.step, task.call) : undefined;
      if (passed !== undefined) return lookUp && verb.find === undefined ? inDoubt(passed) : passed;
      const outcome = task.call.done(view, found ?? (await this.#call(verb, input, { lookUp, send, progress })), input);
      return outcome.status === 'quarantined' ? await this.#unlessMoot(runner, task, outcome) : outcome;
    } catch (error) {
      if (error instanceof ConnectorError) return error;
      const { error_code: code, message } = defectProblem(error);
      const detail = { errorClass: 'internal', code, message, retryable: true, mayHaveHappened: true } as const;
      return new ConnectorError(detail, { cause: error });
    }
  }

  /** What the call was about may have been replaced while it was under way: then a difference is nobody's mistake. */
  async #unlessMoot(
    runner: Runner<unknown, unknown>,
    { call, head }: Task,
    stopped: Stopped,
  ): Promise<Outcome<unknown>> {
    const { may_exist: _, ...state } = head.state;
    const view = runner.view({ ...head, state });
    const reason = await call.skip?.(view, runner.flow.env);
    if (reason === undefined) return stopped;
    return { status: 'superseded', attributes: { reason }, ...(call.without && { data: call.without }) };
  }

  #verb({ call }: Task): Verb<unknown, unknown> {
    const verb = this.#options.connector.services[call.verb] as Verb<unknown, unknown> | undefined;
    // Nothing that passes by itself: a case at once, replayed where its connector has learnt it.
    if (verb === undefined) throw impossible('NOT_OFFERED', `its connector offers no ${call.verb}.`);
    return verb;
  }

  #sender(task: Task, spanId: string): Send {
    const { connector, gate } = this.#options;
    const traceparent = `00-${task.head.state.trace_id}-${spanId}-01`;
    return (call: PreparedCall) =>
      gate(async () => {
        const left = this.#left(task.head);
        // A process whose clock stood still may wake up when its successor has looked already and found nothing.
        if (left <= 0) throw this.#tooLate();
        return connector.transport.send(call, { traceparent, timeoutMs: left + MARGIN_MS / 2 });
      });
  }

  async #call(
    verb: Verb<unknown, unknown>,
    input: unknown,
    { lookUp, send, progress }: { lookUp: boolean; send: Send; progress: CallProgress },
  ): Promise<unknown> {
    crashPoint('engine.call.before');
    try {
      const { output } = await callVerb(verb, input, send, progress);
      crashPoint('engine.call.after');
      return output;
    } catch (error) {
      // An earlier attempt's call may have arrived only after we looked; then this one is refused because of it.
      if (!lookUp || !(error instanceof ConnectorError) || error.detail.retryable) throw error;
      const found = await verb.find?.(input, send);
      if (found === undefined) throw error;
      return found;
    }
  }

  /** Keeps what was sent and answered, and names it on the event. */
  async #keep(task: Task, progress: CallProgress, startedAt: Date, error?: string): Promise<Record<string, string>> {
    if (progress.call === undefined)
      return task.head.state.running?.in_doubt === true && error === undefined ? { looked_up: 'true' } : {};
    const seq = await this.#options.documents.keepExchange(
      task.head.key,
      `sent.${task.step.name}.${task.head.ordinal}`,
      {
        call: progress.call,
        ...(progress.answer === undefined ? {} : { answer: progress.answer }),
        ...(error === undefined ? {} : { error }),
        at: startedAt.toISOString(),
        duration_ms: this.#options.now().getTime() - startedAt.getTime(),
      },
    );
    return { payload_seq: String(seq) };
  }
}

/** Passed over although an earlier attempt may have arrived, which this system cannot be asked. */
const inDoubt = (passed: PassedOver<unknown>): PassedOver<unknown> => ({
  ...passed,
  attributes: {
    ...passed.attributes,
    reason: `${passed.attributes['reason'] ?? ''}. An earlier attempt may have reached it, which cannot be looked up there.`,
  },
});
