import type { NatsConnection } from '@nats-io/nats-core';
import type { Command } from 'commander';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { openUsers } from '#platform/users.ts';
import { caseId, reason, seconds, tag, words } from './arguments.ts';
import { followCase, readCase } from './case-stream.ts';
import { CliError } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { accepted } from './engine.ts';
import { printDryRun } from './dry-run-report.ts';
import { printJson } from './output.ts';
import { parseMapping, readText } from './repair-option.ts';

type OnCase = Exclude<Extract<CommandName, `case.${string}`>, 'case.dry-run'>;
interface Common {
  json?: boolean;
  note?: string;
}

/** Acting on a case; each command is decided on the revision that was read a moment before. */
export function addCaseWorkCommands(cases: Command): void {
  const verb = (name: string, description: string) =>
    cases
      .command(name)
      .description(description)
      .argument('<case>', 'its id', caseId)
      .option('--json', 'print what came back as JSON');

  verb('assign', 'hand a case to somebody')
    .requiredOption('--to <e-mail>', 'who works on it; "" for nobody')
    .option('--note <text>')
    .action(assign);
  verb('comment', 'write something on the timeline')
    .argument('<text>', 'what to say', words(4000))
    .action((id: string, text: string, options: Common, command: Command) =>
      act(command, id, 'case.comment', { note: text }, options),
    );
  verb('tag', 'add and remove tags')
    .option('--add <tag...>', 'put these on', tag)
    .option('--remove <tag...>', 'take these off', tag)
    .action((id: string, options: Common & { add?: string[]; remove?: string[] }, command: Command) =>
      act(command, id, 'case.tag', { add: options.add ?? [], remove: options.remove ?? [] }, options),
    );
  verb('decline', 'send a replay of money back')
    .requiredOption('--reason <text>', 'kept with the case', reason)
    .action((id: string, options: Common & { reason: string }, command: Command) =>
      act(command, id, 'case.decline', { reason: options.reason }, options),
    );
  verb('fix', 'keep a corrected payload as the next version; nothing is sent yet')
    .argument('<file>', 'the corrected payload; - reads standard input')
    .requiredOption('--reason <text>', 'kept with the version', reason)
    .action((id: string, file: string, options: Common & { reason: string }, command: Command) =>
      act(command, id, 'case.fix', { payload: correctedPayload(file), reason: options.reason }, options),
    );
  verb('dry-run', 'what a replay would do and send, without outside effects')
    .option('--payload <file>', 'try this payload instead of the kept one')
    .option('--mapping <kind:system:code=target...>', 'try with these mappings')
    .action(dryRun);
  verb('replay', 'continue the same transaction from the step that failed')
    .option('--note <text>')
    .option('--override-stale', 'although a newer version of the same thing is known; --note says why')
    .option('--wait [seconds]', 'wait for what became of it (default 120); exit code 1 unless it is resolved', seconds)
    .action(replay);
  for (const [name, description] of [
    ['hold', 'put a case on hold'],
    ['release', 'take a case off hold'],
    ['restore', 'open a discarded case again'],
    ['approve', 'let a replay of money go, as a second person'],
  ] as const)
    verb(name, description)
      .option('--note <text>')
      .action((id: string, options: Common, command: Command) =>
        act(command, id, `case.${name}`, { note: options.note ?? '' }, options),
      );
  verb('done-outside', 'the document exists already; it is looked up before the flow skips the step')
    .argument('<document-number>', 'as the outside system shows it', words(128))
    .option('--note <text>')
    .action((id: string, number: string, options: Common, command: Command) =>
      act(command, id, 'case.done-outside', { document_number: number, note: options.note ?? '' }, options),
    );
  verb('discard', 'end the transaction here')
    .requiredOption('--reason <text>', 'kept with the case', reason)
    .action((id: string, options: Common & { reason: string }, command: Command) =>
      act(command, id, 'case.discard', { reason: options.reason }, options),
    );
}

async function act<N extends OnCase>(
  command: Command,
  id: string,
  name: N,
  detail: Omit<CommandRequest<N>, 'actor' | 'case_id' | 'revision'>,
  options: Common,
): Promise<void> {
  const reply = await withNats(command, async (nats) => {
    const { revision } = await readCase(nats, id);
    const request = { actor: cliActor(), case_id: id, revision, ...detail } as unknown as CommandRequest<N>;
    return accepted(await requestCommand(nats, name, request));
  });
  if (options.json) printJson(reply);
  else console.log(reply.message);
}

/** @throws CliError where nobody with this address may sign in: the case would wait for somebody who never sees it. */
async function assign(id: string, options: Common & { to: string }, command: Command): Promise<void> {
  const assignee = options.to.trim().toLowerCase();
  if (assignee !== '') {
    const known = await withNats(command, async (nats) => (await openUsers(nats)).byEmail(assignee));
    if (known === undefined || known.disabled)
      throw new CliError(`--to: nobody signs in as "${options.to}". "syncline users list" shows who does.`);
  }
  await act(command, id, 'case.assign', { assignee, note: options.note ?? '' }, options);
}

async function replay(
  id: string,
  options: Common & { wait?: number | true; overrideStale?: boolean },
  command: Command,
): Promise<void> {
  const outcome = await withNats(command, async (nats): Promise<CaseState | undefined> => {
    const { revision } = await readCase(nats, id);
    const override_stale = options.overrideStale === true;
    const request = { actor: cliActor(), case_id: id, revision, note: options.note ?? '', override_stale };
    const reply = accepted(await requestCommand(nats, 'case.replay', request));
    return options.wait === undefined ? reply.case : settled(nats, id, reply.case, options.wait);
  });
  if (options.json) printJson(outcome ?? null);
  else console.log(`Case ${id}: ${outcome?.status ?? 'replaying'}${outcome?.outcome ? `. ${outcome.outcome}` : ''}`);
  if (options.wait !== undefined && outcome?.status !== 'resolved')
    throw new CliError(outcome?.problems[0]?.message ?? `Case ${id} is ${outcome?.status ?? 'not resolved'}.`);
}

function settled(nats: NatsConnection, id: string, since: CaseState | undefined, wait: number | true) {
  const after = since?.revision ?? 0;
  const over = (state: CaseState) => state.revision >= after && state.status !== 'replaying';
  return followCase(nats, id, over, (wait === true ? 120 : wait) * 1000);
}

async function dryRun(
  id: string,
  options: Common & { payload?: string; mapping?: string[] },
  command: Command,
): Promise<void> {
  const mappings = (options.mapping ?? []).map(parseMapping);
  const payload = options.payload === undefined ? {} : { payload: readText(options.payload) };
  const request = { actor: cliActor(), case_id: id, mappings, ...payload };
  const reply = accepted(await withNats(command, (nats) => requestCommand(nats, 'case.dry-run', request, 30_000)));
  if (options.json) printJson(reply.dry_run);
  else if (reply.dry_run) printDryRun(reply.dry_run);
  if (reply.dry_run?.ok === false) process.exitCode = 1;
}

function correctedPayload(file: string): string {
  const text = readText(file);
  if (text.trim() === '') throw new CliError(`The file ${file} is empty: it would replace the payload by nothing.`);
  return text;
}
