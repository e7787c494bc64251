import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { caseEvent, type CaseEvent, type CaseState } from '#contracts/v1/case.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { CliError } from './cli-error.ts';

/** Every case as its last event left it, the most urgent first: by deadline, then by age. */
export async function readCases(nats: NatsConnection): Promise<CaseState[]> {
  const consumer = await jetstream(nats).consumers.get(streams.cases, {
    filter_subjects: subjects.allCases,
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const states: CaseState[] = [];
  const { num_pending: pending } = await consumer.info();
  if (pending > 0) {
    for await (const message of await consumer.consume()) {
      states.push(caseEvent.parse(message.json()).state);
      if (message.info.pending === 0) break;
    }
  }
  await consumer.delete().catch(() => undefined);
  const urgency = (state: CaseState) => `${state.deadline || '9'} ${state.opened_at}`;
  return states.sort((a, b) => urgency(a).localeCompare(urgency(b)));
}

/** Every event of a case, oldest first. @throws CliError where there is no such case. */
export async function readTimeline(nats: NatsConnection, id: string): Promise<CaseEvent[]> {
  const messages = await readSubject(jetstream(nats), await jetstreamManager(nats), streams.cases, subjects.case(id));
  if (messages.length === 0) throw new CliError(`There is no case ${id}.`);
  return messages.map((message) => caseEvent.parse(message.json()));
}

/** A case now. @throws CliError where there is none. */
export async function readCase(nats: NatsConnection, id: string): Promise<CaseState> {
  const last = await readLast(await jetstreamManager(nats), streams.cases, subjects.case(id));
  if (last === undefined) throw new CliError(`There is no case ${id}.`);
  return caseEvent.parse(last.json()).state;
}

/** Follows a case until `wanted` of its state. @throws CliError after `timeoutMs`. */
export async function followCase(
  nats: NatsConnection,
  id: string,
  wanted: (state: CaseState) => boolean,
  timeoutMs: number,
): Promise<CaseState> {
  const consumer = await jetstream(nats).consumers.get(streams.cases, {
    filter_subjects: subjects.case(id),
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const messages = await consumer.consume();
  const timer = setTimeout(() => messages.stop(), timeoutMs);
  try {
    for await (const message of messages) {
      const { state } = caseEvent.parse(message.json());
      if (wanted(state)) return state;
    }
    throw new CliError(`Case ${id} did not get there within ${timeoutMs / 1000} s.`);
  } finally {
    clearTimeout(timer);
    messages.stop();
  }
}
