import { type Command, Option } from 'commander';
import type { CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { causeChange, causeState, type CauseChange } from '#contracts/v1/cause.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { causeId, reason, wholeNumber, words } from './arguments.ts';
import { readCases } from './case-stream.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { accepted } from './engine.ts';
import { printJson, printRows } from './output.ts';

interface Common {
  json?: boolean;
}

/** What stopped the open cases, the cause of most of them first. */
export async function listCauses(options: Common, command: Command): Promise<void> {
  const { open, decided } = await withNats(command, async (nats) => {
    const found = (await readCases(nats)).filter((state) => !isClosed(state));
    const kv = await openBucket(nats, buckets.causes);
    const prints = [...new Set(found.map((state) => state.fingerprint))];
    const known = await Promise.all(prints.map(async (one) => [one, await getJson(kv, one, causeState)] as const));
    return { open: found, decided: new Map(known.map(([one, stored]) => [one, stored?.value])) };
  });
  const groups = new Map<string, CaseState[]>();
  for (const state of open) groups.set(state.fingerprint, [...(groups.get(state.fingerprint) ?? []), state]);
  const rows = [...groups].map(([fingerprint, cases]) => {
    const newest = cases.reduce((a, b) => (a.opened_at > b.opened_at ? a : b));
    return {
      fingerprint,
      cases: cases.length,
      step: newest.step,
      system: newest.system,
      message: newest.problems[0]?.message ?? '',
      first_at: cases.map((one) => one.opened_at).sort()[0] ?? '',
      ...(decided.get(fingerprint) === undefined ? {} : { decided: decided.get(fingerprint) }),
    };
  });
  printRows(
    rows.sort((a, b) => b.cases - a.cases),
    [
      { head: 'CAUSE', of: (row) => row.fingerprint },
      { head: 'CASES', of: (row) => String(row.cases), right: true },
      { head: 'STEP', of: (row) => row.step },
      { head: 'OWNER', of: (row) => row.decided?.owner ?? '' },
      { head: 'STATE', of: (row) => (row.decided?.hold ? 'on hold' : row.decided?.mute ? 'muted' : '') },
      { head: 'PROBLEM', of: (row) => row.message },
    ],
    options.json ?? false,
  );
}

/** Deciding something about a cause, each on the revision that was read a moment before. */
export function addCauseCommands(program: Command): void {
  const causes = program.command('causes').description('what people decide about a cause: own, note, hold, mute');
  const verb = (name: string, description: string) =>
    causes
      .command(name)
      .description(description)
      .argument('<cause>', 'its fingerprint', causeId)
      .option('--json', 'print what came back as JSON');
  verb('own', 'say who sees to it')
    .requiredOption('--to <e-mail>', '"" for nobody')
    .action((id: string, options: Common & { to: string }, command: Command) =>
      change(command, id, { kind: 'own', owner: options.to.trim().toLowerCase() }, options),
    );
  verb('note', 'write down what is known about it')
    .argument('<text>', 'what to keep', words(4000))
    .action((id: string, note: string, options: Common, command: Command) =>
      change(command, id, { kind: 'note', note }, options),
    );
  verb('hold', 'nobody is to replay its cases for now')
    .requiredOption('--reason <text>', 'shown to whoever wants to', reason)
    .action((id: string, options: Common & { reason: string }, command: Command) =>
      change(command, id, { kind: 'hold', reason: options.reason }, options),
    );
  verb('release', 'its cases may be replayed again').action((id: string, options: Common, command: Command) =>
    change(command, id, { kind: 'release' }, options),
  );
  verb('mute', 'keep it out of sight')
    .requiredOption('--reason <text>', 'kept with it', reason)
    .addOption(new Option('--until <time>', 'until then, as 2026-03-01T08:00:00Z').conflicts(['cases', 'rate']))
    .addOption(new Option('--cases <count>', 'until so many more').argParser(wholeNumber).conflicts('rate'))
    .addOption(new Option('--rate <per-hour>', 'until so many come within an hour').argParser(wholeNumber))
    .action(mute);
  verb('unmute', 'show it again').action((id: string, options: Common, command: Command) =>
    change(command, id, { kind: 'unmute' }, options),
  );
}

async function mute(
  id: string,
  options: Common & { reason: string; until?: string; cases?: number; rate?: number },
  command: Command,
): Promise<void> {
  const { until, cases, rate } = options;
  const limit =
    until !== undefined
      ? { kind: 'date', at: Number.isNaN(Date.parse(until)) ? until : new Date(until).toISOString() }
      : cases !== undefined
        ? { kind: 'count', cases }
        : { kind: 'rate', cases_per_hour: rate };
  const parsed = causeChange.safeParse({ kind: 'mute', reason: options.reason, until: limit });
  if (!parsed.success) throw new CliError('Say until when: --until, --cases or --rate.', exitCodes.usage);
  await change(command, id, parsed.data, options);
}

async function change(command: Command, fingerprint: string, change: CauseChange, options: Common): Promise<void> {
  const reply = await withNats(command, async (nats) => {
    const stored = await getJson(await openBucket(nats, buckets.causes), fingerprint, causeState);
    const revision = stored?.value.revision ?? 0;
    return accepted(await requestCommand(nats, 'cause.change', { actor: cliActor(), fingerprint, revision, change }));
  });
  if (options.json) printJson(reply);
  else console.log(reply.message);
}
