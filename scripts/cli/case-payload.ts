import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { CaseState } from '#contracts/v1/case.ts';
import { stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readAt, readLast } from '#platform/nats/publish.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { readCase } from './case-stream.ts';
import { CliError } from './cli-error.ts';

/** The received payload in the version a replay would use, byte for byte. @throws CliError where it has aged out. */
export async function readPayload(nats: NatsConnection, id: string): Promise<Uint8Array> {
  const manager = await jetstreamManager(nats);
  const state = await readCase(nats, id);
  const message =
    state.payload_version === 1 ? await readReceived(nats, manager, state) : await readFixed(manager, state);
  if (message === undefined) throw new CliError(`The payload of case ${id} is no longer kept.`);
  return message.data;
}

function readFixed(manager: JetStreamManager, state: CaseState) {
  return readLast(manager, streams.payloads, subjects.payload(state.key, `received.${state.payload_version}`));
}

/** Version 1 is the message on INTAKE, which the transaction's first events name. */
async function readReceived(nats: NatsConnection, manager: JetStreamManager, state: CaseState) {
  const seq = (await readSteps(nats, manager, state))
    .map(({ attributes }) => attributes['intake_seq'])
    .find((named) => named !== undefined);
  return seq === undefined ? undefined : readAt(manager, streams.intake, Number(seq));
}

/** Every step of the case's transaction that is still on the stream. */
export async function readSteps(
  nats: NatsConnection,
  manager: JetStreamManager,
  { flow, key }: Pick<CaseState, 'flow' | 'key'>,
): Promise<StepEvent[]> {
  const messages = await readSubject(jetstream(nats), manager, streams.steps, subjects.step(flow, key));
  return messages.map((message) => stepEvent.parse(message.json()));
}
