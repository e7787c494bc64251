import { setImmediate } from 'node:timers/promises';
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JsMsg,
} from '@nats-io/jetstream';
import { type CloudEvent, cloudEvent } from '#contracts/v1/business-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';

export interface LiveEvent {
  /** Its sequence in EVENTS. */
  seq: number;
  text: string;
  /** Absent where a stranger put something else into the stream: that is nobody's event. */
  event: CloudEvent | undefined;
}

/** Read ahead of what is taken, in messages. */
const AHEAD = 32;

/** EVENTS from one place on, in order. What was not taken is nobody's: who opens it again behind what it took misses nothing. */
export class LiveEvents {
  readonly #consumer: Consumer;
  readonly #messages: ConsumerMessages;
  readonly #iterator: AsyncIterator<JsMsg>;
  /** The next one was asked for; it may be a long time before anything happens. */
  #isAsked = false;
  /** The next one, once it is here and as long as it was not taken. */
  #here: IteratorResult<JsMsg> | Error | undefined;
  #wake: () => void = () => undefined;

  private constructor(consumer: Consumer, messages: ConsumerMessages) {
    this.#consumer = consumer;
    this.#messages = messages;
    this.#iterator = messages[Symbol.asyncIterator]();
  }

  static async open(js: JetStreamClient, afterSeq: number): Promise<LiveEvents> {
    const consumer = await js.consumers.get(streams.events, {
      filter_subjects: subjects.allEvents,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: afterSeq + 1,
    });
    return new LiveEvents(consumer, await consumer.consume({ max_messages: AHEAD }));
  }

  /**
   * What is there, at most so many; of nothing, what comes within `waitMs` or before the signal aborts.
   * @throws where the stream cannot be read any more.
   */
  async take(most: number, waitMs: number, signal: AbortSignal): Promise<LiveEvent[]> {
    const taken: LiveEvent[] = [];
    while (taken.length < most) {
      this.#ask();
      if (this.#here === undefined) await (taken.length === 0 ? this.#wait(waitMs, signal) : setImmediate());
      const next = this.#here;
      if (next === undefined) break;
      this.#here = undefined;
      if (next instanceof Error) throw next;
      if (next.done === true) throw new Error('the events are not read any more');
      taken.push(read(next.value));
    }
    return taken;
  }

  /** Nothing is left of it, here or at the server, which would otherwise keep its consumer for minutes. */
  async close(): Promise<void> {
    this.#messages.stop();
    await this.#consumer.delete().catch(() => undefined);
  }

  #ask(): void {
    if (this.#isAsked || this.#here !== undefined) return;
    const arrived = (here: IteratorResult<JsMsg> | Error) => {
      this.#isAsked = false;
      this.#here = here;
      this.#wake();
    };
    this.#isAsked = true;
    this.#iterator.next().then(arrived, (error: unknown) => {
      arrived(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /**
   * Until something is here, the time is over or the signal aborts. Nobody races with the promise of the next one: while
   * nothing happens, each race would leave something behind in it.
   */
  #wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.#wake = end;
    });
  }
}

function read(message: JsMsg): LiveEvent {
  const text = message.string();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { seq: message.seq, text, event: cloudEvent.safeParse(parsed).data };
}
