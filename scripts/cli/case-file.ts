import { jetstreamManager } from '@nats-io/jetstream';
import type { Command } from 'commander';
import { silentLog } from '#platform/log.ts';
import { openAudit } from '#platform/audit.ts';
import { caseId } from './arguments.ts';
import { readSteps } from './case-payload.ts';
import { readTimeline } from './case-stream.ts';
import { CliError } from './cli-error.ts';
import { cliActor, estateOf, targetOf, withNats } from './connection.ts';

/** The case as people hand it over. */
export function addCaseFileCommand(cases: Command): void {
  cases
    .command('file')
    .description("the case as one file for a vendor's support desk, without personal data and credentials")
    .argument('<case>', 'its id', caseId)
    .action(async (id: string, _options: unknown, command: Command) => {
      process.stdout.write(await readFile(command, id));
    });
}

async function readFile(command: Command, id: string): Promise<string> {
  // What lays a case out is the console's and takes a moment to load: no other command waits for it.
  const [{ writeCaseFile }, { documentsOf }] = await Promise.all([
    import('#app/cases/case-file.ts'),
    import('#app/presenters/documents.ts'),
  ]);
  const estate = await estateOf(targetOf(command));
  return withNats(command, async (nats) => {
    const events = await readTimeline(nats, id);
    const state = events.at(-1)?.state;
    if (state === undefined) throw new CliError(`There is no case ${id}.`);
    const jsm = await jetstreamManager(nats);
    const steps = await readSteps(nats, jsm, state);
    if (steps.length === 0)
      throw new CliError(`The steps of case ${id} are no longer on the stream. Take the file from its page.`);
    const documents = await documentsOf({ estate, jsm }, { key: state.key, revealed: false, steps });
    const audit = await openAudit(nats, silentLog);
    audit.record({ action: 'exported', actor: cliActor().id, object_kind: 'case', object_id: id });
    await audit.kept();
    return writeCaseFile({ estate, now: () => new Date() }, { state, events, documents });
  });
}
