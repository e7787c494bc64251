import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { z } from 'zod';
import { streams } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';

/** The latest state of everything on these subjects of REPAIRS that has this shape. */
export async function readStates<T extends z.ZodType>(
  nats: NatsConnection,
  filter: string,
  schema: T,
): Promise<z.output<T>[]> {
  const messages = await readLastPerSubject(jetstream(nats), streams.repairs, filter);
  return messages.flatMap((message) => {
    const parsed = schema.safeParse(message.json());
    return parsed.success ? [parsed.data] : [];
  });
}

/** The latest state of one; undefined where there is none. */
export async function readState<T extends z.ZodType>(
  nats: NatsConnection,
  subject: string,
  schema: T,
): Promise<z.output<T> | undefined> {
  const last = await readLast(await jetstreamManager(nats), streams.repairs, subject);
  return last === undefined ? undefined : schema.parse(last.json());
}
