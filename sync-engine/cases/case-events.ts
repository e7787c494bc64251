import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { CaseEvent } from '#contracts/v1/case.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readSubject } from '#platform/nats/read-subject.ts';

/** Every event of a case in order, empty where there is no such case. */
export async function readCaseEvents(js: JetStreamClient, manager: JetStreamManager, id: string): Promise<CaseEvent[]> {
  const messages = await readSubject(js, manager, streams.cases, subjects.case(id));
  return messages.map((message) => message.json<CaseEvent>());
}
