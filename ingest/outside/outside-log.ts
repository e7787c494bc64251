import { randomBytes } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import { type OutsideSource, outsideWriter } from '#contracts/v1/outside-writer.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { publishFenced } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { type Head, readHead } from './head.ts';
import { type OutsideStep, placed } from './outside-step.ts';

export interface Appended {
  /** Steps that are durable now and were not before. */
  landed: number;
  /** Steps that the transaction had already. */
  known: number;
  /** Why the rest were not taken. */
  refused?: string;
}

export interface OutsideLogOptions {
  publisher: Publisher;
  manager: JetStreamManager;
  /** Names the way in; events carry it in `writer`. */
  source: OutsideSource;
}

/** Appends steps of other systems to the subjects of their transactions. */
export interface OutsideLog {
  /** Tells its stream from that of another environment. */
  stream(): Promise<string>;
  /**
   * Appends steps of one transaction in the order given, each at most once however often and from wherever it is told.
   * When this resolves they are durable.
   * @throws where NATS cannot be reached; calling again with the same steps completes the work.
   */
  append(steps: readonly [OutsideStep, ...OutsideStep[]]): Promise<Appended>;
}

/** Heads that stay in memory: spans of one transaction tend to come one after another. */
const REMEMBERED = 5_000;

/**
 * A subject's last sequence is the fence: whoever appends states what it believes the last one to be, so two that race
 * take the same place only once, and the loser looks again at what the transaction holds before it goes on.
 */
export function createOutsideLog({ publisher, manager, source }: OutsideLogOptions): OutsideLog {
  const nonce = outsideWriter(source, randomBytes(8).toString('hex'));
  const heads = new Map<string, Head>();
  let writes = 0;

  function remember(subject: string, head: Head): void {
    heads.delete(subject);
    heads.set(subject, head);
    const oldest = heads.size > REMEMBERED ? heads.keys().next().value : undefined;
    if (oldest !== undefined) heads.delete(oldest);
  }

  /** @returns the subject's head with the step behind it, or undefined where another writer was first. */
  async function appendOne(
    subject: string,
    step: OutsideStep,
    head: Head,
    occurredAt: string,
  ): Promise<Head | undefined> {
    const ordinal = head.ordinal + 1;
    const event = placed(step, { ordinal, occurredAt, writer: `${nonce}-${(++writes).toString(36)}` });
    const result = await publishFenced(publisher, manager, {
      stream: streams.steps,
      subject,
      data: JSON.stringify(event),
      // Not what the engine would use: its own event of that place must not pass for a repeat of this one. Nor must the
      // same place of another flow, since an order and its return may have one key.
      msgId: `${source}:${event.flow}:${event.event_id}`,
      expectedSeq: head.seq,
      isMine: (last) => last.json<{ writer?: unknown }>().writer === event.writer,
    });
    if (!result.won) return undefined;
    head.spans.add(step.span_id);
    return { seq: result.seq, ordinal, occurredAt, spans: head.spans };
  }

  return {
    stream: async () => (await manager.streams.info(streams.steps)).created,
    async append(steps) {
      const [first] = steps;
      const subject = subjects.step(first.flow, first.key);
      const appended: Appended = { landed: 0, known: 0 };
      let head = await readHead(manager, subject, heads.get(subject));
      for (const step of steps) {
        for (;;) {
          if ('refused' in head) return { ...appended, refused: head.refused };
          if (head.spans.has(step.span_id)) {
            appended.known++;
            break;
          }
          const next = await appendOne(subject, step, head, head.occurredAt || occurredAtOf(steps));
          if (next !== undefined) {
            head = next;
            appended.landed++;
            break;
          }
          head = await readHead(manager, subject, head);
        }
      }
      if (!('refused' in head)) remember(subject, head);
      return appended;
    },
  };
}

/** The same on every event of a transaction: as told, or when the first step that is known of it started. */
const occurredAtOf = (steps: readonly OutsideStep[]): string =>
  steps.find(({ occurred_at }) => occurred_at !== '')?.occurred_at ??
  steps.reduce((earliest, { started_at }) => (started_at < earliest ? started_at : earliest), '9999');
