import type { z } from 'zod';
import { streams } from '#contracts/v1/subjects.ts';
import type { AppServices } from '#app/server/context.ts';
import { unknown } from '#platform/http/problem.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';

type StateStream = typeof streams.repairs | typeof streams.reconciliation;

/** The latest state of everything on these subjects of REPAIRS, or of another stream kept like it. */
export async function readAll<T extends z.ZodType>(
  { js }: AppServices,
  filter: string,
  schema: T,
  stream: StateStream = streams.repairs,
): Promise<z.output<T>[]> {
  const messages = await readLastPerSubject(js, stream, filter);
  return messages.map((message) => schema.parse(message.json()));
}

/** The latest state of one. @throws Refused 404 */
export async function readOne<T extends z.ZodType>(
  { jsm }: AppServices,
  subject: string,
  schema: T,
  what: string,
  stream: StateStream = streams.repairs,
): Promise<z.output<T>> {
  const last = await readLast(jsm, stream, subject);
  if (last === undefined) throw unknown(`There is no ${what}.`);
  return schema.parse(last.json());
}
