import { type Command, Option } from 'commander';
import { z } from 'zod';
import { apiScope, type ApiScope, channelScope } from '#contracts/v1/channel-api.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { listApiClients } from '../start/api-clients.ts';
import { systemId, wholeNumber, words } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { estateOf, targetOf, withNats } from './connection.ts';
import { printJson, printRows } from './output.ts';

export function addApiClientCommands(program: Command): void {
  const clients = program.command('api-clients').description("who may call Syncline's own API");
  clients
    .command('list')
    .description('every client; keys are stored nowhere')
    .option('--json', 'print as JSON')
    .action(list);
  clients
    .command('add')
    .description('create a client and print its key, which is shown this once')
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .requiredOption('--system <id>', 'system of the estate that it speaks for', systemId)
    .addOption(
      new Option('--scope <scope...>', 'what it may do')
        .choices(apiScope.options)
        .default([...channelScope.options], 'all that a system needs at the intake'),
    )
    .option('--quota <calls>', 'calls a minute', wholeNumber, 600)
    .option('--name <name>', 'as people read it (default: the id)', words(100))
    .option('--json', 'print as JSON')
    .action(add);
}

async function list(options: { json?: boolean }, command: Command): Promise<void> {
  const found = await withNats(command, async (nats) => listApiClients(await openBucket(nats, buckets.apiClients)));
  const rows = found.map(({ key_hash: _hash, ...shown }) => shown);
  printRows(
    rows,
    [
      { head: 'ID', of: (row) => row.id },
      { head: 'SYSTEM', of: (row) => row.system },
      { head: 'CALLS/MIN', of: (row) => String(row.quota_per_minute), right: true },
      { head: 'STATE', of: (row) => (row.disabled ? 'disabled' : 'active') },
      { head: 'SCOPES', of: (row) => row.scopes.join(', ') },
    ],
    options.json ?? false,
  );
}

async function add(
  id: string,
  options: { system: string; scope: ApiScope[]; quota: number; name?: string; json?: boolean },
  command: Command,
): Promise<void> {
  const estate = await estateOf(targetOf(command));
  if (!estate.systems.some((system) => system.id === options.system))
    throw new CliError(
      `--system: the estate has no "${options.system}". It has ${estate.systems.map((system) => system.id).join(', ')}.`,
    );
  const wanted = {
    id,
    name: options.name ?? id,
    scopes: options.scope,
    quota_per_minute: options.quota,
    system: options.system,
  };
  const { key } = await withNats(command, async (nats) => {
    try {
      return await createApiClient(await openBucket(nats, buckets.apiClients), wanted, new Date());
    } catch (error) {
      if (error instanceof z.ZodError)
        throw new CliError(`The id "${id}" is not lower-case letters, digits and hyphens.`);
      throw new CliError(error instanceof Error ? error.message : String(error));
    }
  });
  if (options.json) printJson({ ...wanted, key });
  else
    console.log(
      `Created ${id}. Send this with every call, and keep it: it cannot be shown again.\nAuthorization: Bearer ${key}`,
    );
}
