import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { cloudEvent, eventType } from '#contracts/v1/business-event.ts';
import { caseEvent, type CaseState } from '#contracts/v1/case.ts';
import type { Estate, System } from '#contracts/v1/estate.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { getJson, type KV } from '#platform/nats/kv.ts';
import type { CaseStore } from '../cases/case-store.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { ConnectorCall } from '../flows/inventory/connector-call.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { retryDelayMs } from '../work/backoff.ts';
import { ensureConsumer } from '../work/queues.ts';
import { ticketOf } from './desk-state.ts';

export interface ServeDeskOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  /** The estate as it stands. */
  estate: () => Pick<Estate, 'systems'>;
  call: ConnectorCall;
  cases: Pick<CaseStore, 'get'>;
  transactions: Pick<TransactionLog, 'reload'>;
  /** Bucket of what the service desk was told last, by order. */
  told: KV;
  ackWaitMs: number;
  log: Log;
}

const lastTold = z.object({ state_id: z.string(), ticket_id: z.string(), error: z.string() });
const FLOW = 'order_to_cash';

const closed = new Set<CaseState['status']>(['resolved', 'done_outside', 'discarded']);
/** Events of an order's own steps: of none is told before the order is there. */
const concerning = new Set([eventType('order.stopped.v1'), eventType('order.held.v1'), eventType('order.resumed.v1')]);

/**
 * Tells the service desk how an order stands whenever a case stops it or is closed, or a person holds it or lets it go.
 * It is told the state, not the change: while it is down nothing waits for it but its own news, and afterwards it hears
 * the newest of each order once. To be run under a lease.
 */
export async function serveDesk(signal: AbortSignal, options: ServeDeskOptions): Promise<void> {
  const desk = deskOf(options);
  if (desk === undefined) return untilAborted(signal);
  const told = oneAtATime((key: string) => tell(signal, key, desk, options));
  await Promise.all([
    // A case is closed beside its order, so this is news of its own; that one is opened, the order's step says.
    follow(signal, options, desk, streams.cases, subjects.allCases, told, (message) => {
      const event = caseEvent.safeParse(message.json());
      const state = event.success ? event.data.state : undefined;
      const over = state?.flow === FLOW && state.origin !== 'backfill' && closed.has(state.status);
      return over ? state.key : undefined;
    }),
    follow(signal, options, desk, streams.events, subjects.allEvents, told, (message) => {
      const event = cloudEvent.safeParse(message.json());
      return event.success && concerning.has(event.data.type) ? event.data.subject : undefined;
    }),
  ]);
}

const deskOf = ({ estate }: ServeDeskOptions): System | undefined =>
  estate().systems.find(({ role }) => role === 'service_desk');

/** What both streams bring is told in turn: of two states told at once the older could be the one that stays. */
function oneAtATime<T>(run: (key: string) => Promise<T>): (key: string) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (key) => {
    const mine = last.then(() => run(key));
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function follow(
  signal: AbortSignal,
  options: ServeDeskOptions,
  desk: System,
  stream: string,
  subject: string,
  told: (key: string) => Promise<boolean>,
  keyOf: (message: JsMsg) => string | undefined,
): Promise<void> {
  const { js, manager, ackWaitMs, log } = options;
  const name = `service-desk-${desk.id}`;
  await ensureConsumer(manager, stream, name, subject, ackWaitMs);
  const messages = await (await js.consumers.get(stream, name)).consume({ max_messages: 10 });
  signal.addEventListener('abort', () => messages.stop(), { once: true });
  for await (const message of messages) {
    if (signal.aborted) return;
    const key = keyOf(message);
    const still = setInterval(() => message.working(), ackWaitMs / 3);
    try {
      if (key === undefined || (await told(key))) message.ack();
    } catch (error) {
      log.warn({ err: error, key }, 'the service desk could not be told of an order; trying again');
      message.nak(1_000);
    } finally {
      clearInterval(still);
    }
  }
}

/** @returns false where the signal ended it before it was told. */
async function tell(signal: AbortSignal, key: string, desk: System, options: ServeDeskOptions): Promise<boolean> {
  const { log } = options;
  for (let attempt = 1; !signal.aborted; attempt++) {
    // Where it is only observed the news is passed over; once it is live it hears what comes then.
    if (deskOf(options)?.mode === 'observe') return true;
    const ticket = await ticketNow(key, options);
    if (ticket === undefined) return true;
    const before = await getJson(options.told, key, lastTold);
    // Of an order that never needed anybody there is no ticket.
    if (before === undefined ? ticket.state === 'well' : before.value.state_id === ticket.stateId) return true;
    const note = (ticket_id: string, error: string) =>
      options.told.put(key, JSON.stringify({ state_id: ticket.stateId, ticket_id, error }));
    try {
      crashPoint('engine.desk.before');
      const { ticketId } = await options.call(desk.id, 'put_ticket', ticket);
      crashPoint('engine.desk.after');
      await note(ticketId, '');
      return true;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const { code, message, retryable, retryAfterMs = 0 } = error.detail;
      log.warn({ system: desk.id, key, code, attempt }, 'the service desk did not take the state of an order');
      if (!retryable) {
        // It is for information only: the order goes its way, and its next state is told again.
        await note(before?.value.ticket_id ?? '', `${code}: ${message}`.slice(0, 500));
        return true;
      }
      const waitMs = Math.max(retryAfterMs, retryDelayMs(attempt, desk.retry, Math.random));
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

/** What the service desk should know of an order at this moment; undefined where there is no such order. */
async function ticketNow(key: string, { transactions, cases }: ServeDeskOptions) {
  const head = await transactions.reload(FLOW, key);
  if (head === undefined) return undefined;
  const { blocked_by, held, dimensions } = head.state;
  const found = blocked_by === undefined ? undefined : (await cases.get(blocked_by))?.state;
  const stoppedBy = found === undefined || closed.has(found.status) ? undefined : found;
  return ticketOf({ orderKey: key, orderNumber: dimensions.business_key, stoppedBy, heldBy: held });
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
