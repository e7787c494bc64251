import type { NatsConnection } from '@nats-io/nats-core';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { TestEngine } from './engine.ts';
import { controlToken } from './simulator.ts';

/** Gives a command; a refusal fails the test. */
export async function commandOf<N extends CommandName>(
  nc: NatsConnection,
  name: N,
  request: CommandRequest<N>,
): Promise<Extract<CommandReply, { ok: true }>> {
  const reply = await requestCommand(nc, name, request);
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
  return reply;
}

/** Turns a knob of the simulated estate: `faults`, `maintenance`, `latency`, `limits`. */
export async function controlSimulator(
  estate: Pick<TestEngine, 'simulator'>,
  path: string,
  body: object,
): Promise<void> {
  const response = await fetch(`${estate.simulator.url}/_sim/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sim-token': controlToken },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
