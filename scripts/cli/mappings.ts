import { type Command, Option } from 'commander';
import { mapping, mappingKind, mappingOwner, type Mapping, type MappingKind } from '#contracts/v1/mapping.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';
import { caseId, mappingKindOf, reason, systemId, words } from './arguments.ts';
import { cliActor, withNats } from './connection.ts';
import { ask } from './engine.ts';
import { printRows } from './output.ts';

export function addMappingCommands(program: Command): void {
  const mappings = program.command('mappings').description("what one system's code means to another");
  mappings
    .command('list')
    .description('every mapping')
    .addOption(new Option('--kind <kind>', 'of one kind').choices(mappingKind.options))
    .option('--system <id>', 'of one system', systemId)
    .option('--json', 'print as JSON')
    .action(list);
  mappings
    .command('put')
    .description('add or change a mapping')
    .argument('<kind>', mappingKind.options.join(', '), mappingKindOf)
    .argument('<system>', 'whose vocabulary it is', systemId)
    .argument('<code>', 'as it arrives', words(200))
    .argument('<target>', 'what it means', words(200))
    .requiredOption('--reason <text>', 'kept with the mapping', reason)
    .option('--owner <e-mail>', 'whom to ask about it; else who owned it before', words(200))
    .option('--case <id>', 'record it on this case, too', caseId)
    .option('--json', 'print what came back as JSON')
    .action(put);
}

async function put(
  kind: MappingKind,
  system: string,
  code: string,
  target: string,
  options: { reason: string; owner?: string; case?: string; json?: boolean },
  command: Command,
): Promise<void> {
  const onCase = options.case === undefined ? {} : { case_id: options.case };
  const owner = options.owner === undefined ? {} : { owner: options.owner };
  const request = { actor: cliActor(), kind, system, code, target, reason: options.reason, ...owner, ...onCase };
  await ask(command, 'mapping.put', request, options.json ?? false);
}

async function list(options: { kind?: string; system?: string; json?: boolean }, command: Command): Promise<void> {
  const filter = `${options.kind ?? '*'}.${options.system ?? '*'}.*`;
  const found = await withNats(command, async (nats) =>
    valuesOf(await openBucket(nats, buckets.mappings), mapping, filter),
  );
  const order = (row: Mapping) => `${row.kind} ${row.system} ${row.code}`;
  printRows(
    found.sort((a, b) => order(a).localeCompare(order(b))),
    [
      { head: 'KIND', of: (row) => row.kind },
      { head: 'SYSTEM', of: (row) => row.system },
      { head: 'CODE', of: (row) => row.code },
      { head: 'MEANS', of: (row) => row.target },
      { head: 'CHANGED', of: (row) => row.changed_at },
      { head: 'BY', of: (row) => row.changed_by },
      { head: 'OWNER', of: (row) => mappingOwner(row) },
      { head: 'REASON', of: (row) => row.reason },
    ],
    options.json ?? false,
  );
}
