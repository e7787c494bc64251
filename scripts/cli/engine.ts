import type { Command } from 'commander';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { withNats } from './connection.ts';
import { printJson } from './output.ts';

export type Accepted = Extract<CommandReply, { ok: true }>;

/** Turns the engine's refusal into an error that says what and where. */
export function accepted(reply: CommandReply): Accepted {
  if (reply.ok) return reply;
  const fields = reply.error.fields.map(({ path, message }) => `  ${path || '/'}: ${message}`);
  throw new CliError(
    [reply.error.message, ...fields].join('\n'),
    reply.error.code === 'unavailable' ? exitCodes.unreachable : exitCodes.refused,
  );
}

/** Asks the engine for one thing and prints what it said. */
export async function ask<N extends CommandName>(
  command: Command,
  name: N,
  request: CommandRequest<N>,
  json: boolean,
): Promise<void> {
  const reply = accepted(await withNats(command, (nats) => requestCommand(nats, name, request)));
  if (json) printJson(reply);
  else console.log(reply.message);
}
