import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { type ConsumerMessages, DeliverPolicy, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
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
  readonly #messages: ConsumerMessages;
  readonly #iterator: AsyncIterator<JsMsg>;
  #next: Promise<IteratorResult<JsMsg>> | undefined;

  private constructor(messages: ConsumerMessages) {
    this.#messages = messages;
    this.#iterator = messages[Symbol.asyncIterator]();
  }

  static async open(js: JetStreamClient, afterSeq: number): Promise<LiveEvents> {
    const consumer = await js.consumers.get(streams.events, {
      filter_subjects: subjects.allEvents,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: afterSeq + 1,
    });
    return new LiveEvents(await consumer.consume({ max_messages: AHEAD }));
  }

  /**
   * What is there, at most so many; of nothing, what comes within `waitMs` or before the signal aborts.
   * @throws where the stream cannot be read any more.
   */
  async take(most: number, waitMs: number, signal: AbortSignal): Promise<LiveEvent[]> {
    const taken: LiveEvent[] = [];
    const enough = new AbortController();
    const patience = delay(waitMs, undefined, { signal: AbortSignal.any([signal, enough.signal]) }).catch(
      () => undefined,
    );
    try {
      while (taken.length < most) {
        const next = await Promise.race([this.#upcoming(), taken.length === 0 ? patience : setImmediate()]);
        if (next === undefined) break;
        this.#next = undefined;
        if (next.done === true) throw new Error('the events are not read any more');
        taken.push(read(next.value));
      }
    } finally {
      enough.abort();
    }
    return taken;
  }

  close(): void {
    this.#messages.stop();
  }

  #upcoming(): Promise<IteratorResult<JsMsg>> {
    if (this.#next === undefined) {
      this.#next = this.#iterator.next();
      // Whoever takes next is told of it; nobody may.
      this.#next.catch(() => undefined);
    }
    return this.#next;
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
