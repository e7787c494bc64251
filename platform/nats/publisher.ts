import { type ApiError, JetStreamApiError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  createInbox,
  headers as createHeaders,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  TimeoutError,
} from '@nats-io/nats-core';

export interface PublishRequest {
  /** The message's id: within the stream's window a second message of the same id is not stored. */
  msgId?: string;
  /** Stored only if this is the stream sequence of the subject's last message; 0 where it has none. */
  expectedSeq?: number;
  /** Stored only if this is the stream's last sequence, of whatever subject. */
  expectedStreamSeq?: number;
  /** Stored only if the stream's last message has this id. */
  expectedLastMsgId?: string;
  headers?: MsgHdrs;
  timeoutMs: number;
}

/** Where a message is stored; `duplicate`: that is where an earlier one of the same id is. */
export interface Stored {
  seq: number;
  duplicate: boolean;
}

export interface Publisher {
  /**
   * Publishes to JetStream and waits for the acknowledgement.
   * @throws TimeoutError when none came in time: the message may be stored or not.
   * @throws NoRespondersError when no stream took it, as for a moment without a leader.
   * @throws JetStreamApiError when the stream refused it.
   */
  publish(subject: string, data: Uint8Array | string, request: PublishRequest): Promise<Stored>;
}

const publishers = new WeakMap<NatsConnection, Publisher>();

/** The publisher of a connection. */
export function publisherOf(nc: NatsConnection): Publisher {
  let publisher = publishers.get(nc);
  if (publisher === undefined) publishers.set(nc, (publisher = createPublisher(nc)));
  return publisher;
}

interface Pending {
  subject: string;
  overdueAt: number;
  resolve: (stored: Stored) => void;
  reject: (error: Error) => void;
}

/** How late a missing acknowledgement may be noticed. */
const TICK_MS = 100;

/**
 * All acknowledgements of a connection come to one inbox, and what is published in one turn of the event loop is written
 * to the socket together. The client's own `js.publish` makes a request of each message, with a timer, an error and a
 * write of its own, which is most of what a durable step costs (docs/decisions/0013).
 */
function createPublisher(nc: NatsConnection): Publisher {
  const inbox = createInbox();
  const pending = new Map<string, Pending>();
  let issued = 0;
  let queue: (() => void)[] = [];
  let ticking: NodeJS.Timeout | undefined;

  let listening = false;
  const listen = () => {
    nc.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) {
          // The client has dropped the subscription; the next publish asks for it again.
          listening = false;
          rejectAll(error);
          return;
        }
        const token = message.subject.slice(inbox.length + 1);
        const waiting = pending.get(token);
        pending.delete(token);
        if (waiting !== undefined) settle(waiting, message);
      },
    });
    listening = true;
  };
  void nc.closed().then(() => rejectAll(new ClosedConnectionError()));

  function rejectAll(error: Error): void {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function flush(): void {
    const sends = queue;
    queue = [];
    for (const send of sends) send();
  }

  function tick(): void {
    const now = performance.now();
    for (const [token, { overdueAt, reject }] of pending) {
      if (overdueAt > now) continue;
      pending.delete(token);
      reject(new TimeoutError());
    }
    ticking = pending.size === 0 ? undefined : setTimeout(tick, TICK_MS);
  }

  return {
    publish: (subject, data, request) =>
      new Promise((resolve, reject) => {
        const token = (issued++).toString(36);
        const payload = typeof data === 'string' ? Buffer.from(data) : data;
        const options = { reply: `${inbox}.${token}`, headers: headersOf(request) };
        pending.set(token, { subject, overdueAt: performance.now() + request.timeoutMs, resolve, reject });
        ticking ??= setTimeout(tick, TICK_MS);
        if (queue.length === 0) setImmediate(flush);
        queue.push(() => {
          try {
            if (!listening) listen();
            nc.publish(subject, payload, options);
          } catch (error) {
            pending.delete(token);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      }),
  };
}

function headersOf(request: PublishRequest): MsgHdrs {
  const { msgId, expectedSeq, expectedStreamSeq, expectedLastMsgId, headers = createHeaders() } = request;
  if (msgId !== undefined) headers.set('Nats-Msg-Id', msgId);
  if (expectedSeq !== undefined) headers.set('Nats-Expected-Last-Subject-Sequence', String(expectedSeq));
  if (expectedStreamSeq !== undefined) headers.set('Nats-Expected-Last-Sequence', String(expectedStreamSeq));
  if (expectedLastMsgId !== undefined) headers.set('Nats-Expected-Last-Msg-Id', expectedLastMsgId);
  return headers;
}

const NO_RESPONDERS = 503;

function settle({ subject, resolve, reject }: Pending, message: Msg): void {
  if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
    reject(new NoRespondersError(subject));
    return;
  }
  try {
    const answer = message.json<{ seq: number; duplicate?: boolean; error?: ApiError }>();
    if (answer.error === undefined) resolve({ seq: answer.seq, duplicate: answer.duplicate === true });
    else reject(new JetStreamApiError(answer.error));
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}
