import { randomBytes } from 'node:crypto';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import type { RepairRun } from '#contracts/v1/repair.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { Rates } from '#platform/rates.ts';
import type { CaseIndex } from '../cases/case-index.ts';
import type { CaseStore } from '../cases/case-store.ts';
import { countOutcomes, isNext } from '../repairs/ramp.ts';
import { inTurn } from '../repairs/turn.ts';
import type { RunStore, StoredRun } from '../repairs/run-store.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface RepairCommandsOptions {
  store: RunStore;
  index: CaseIndex;
  cases: CaseStore;
  rates: Pick<Rates, 'today'>;
  /** Why nobody is to replay the cases of a cause for now, if so. */
  onHold: (fingerprint: string) => string | undefined;
  /** Adds a mapping, checked as the command for one does. @throws Refusal */
  putMapping: (request: MappingOf & { actor: Actor; reason: string }) => Promise<void>;
  now: () => Date;
}
type MappingOf = Extract<RepairRun['repair'], { kind: 'mapping' }>['mapping'];

export type RepairCommands = 'repair.try' | 'repair.start' | 'repair.pause' | 'repair.resume' | 'repair.abort';

/** Most cases in one run. */
const MOST = 20_000;
const READ_AT_ONCE = 100;
/** Characters of JSON: the repair travels with every message of its run, and a message takes a megabyte. */
const LARGEST_REPAIR = 100_000;

const WORDS: Partial<Record<RepairRun['status'], string>> = {
  listing: 'The list of the run is still being made. Try again in a moment.',
};

/** Repairs of many: tried on a frozen list, then replayed in waves; people start, pause, resume and abort them. */
export function repairCommands(options: RepairCommandsOptions): Pick<CommandHandlers, RepairCommands> {
  const { store, index, cases, onHold, putMapping, now } = options;
  return {
    'repair.try': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        if (request.repair.kind === 'mapping') authorise(request.actor, 'mappings.write');
        if (JSON.stringify(request.repair).length > LARGEST_REPAIR)
          throw new Refusal('invalid', 'The repair is too large: what it writes may take 100 kB in all.');
        const list =
          request.cases === undefined ? await casesOf(request.fingerprint ?? '') : await named(request.cases);
        if (list.length === 0) throw new Refusal('refused', 'There is no open case of this kind any more.');
        if (list.length > MOST)
          throw new Refusal('refused', `These are ${list.length} cases; at most ${MOST} are repaired in one run.`);
        // Hex, as an id that began with a dash would be an option to the CLI.
        const run_id = randomBytes(8).toString('hex');
        const run = await store.create(
          {
            run_id,
            status: 'trying',
            fingerprint: request.fingerprint ?? '',
            repair: request.repair,
            reason: request.reason,
            created_by: request.actor.id,
            created_at: now().toISOString(),
            started_by: '',
            rate_per_s: 10,
            items: list.length,
            wave: 0,
            counts: countOutcomes(list.map(() => ({ outcome: 'pending' }))),
            message: '',
          },
          inTurn(list, options.rates.today()).map((state, position) => ({
            run_id,
            case_id: state.case_id,
            case_revision: state.revision,
            position,
            key: state.key,
            business_key: state.business_key,
            amount: state.amount,
            currency: state.currency,
            outcome: 'pending',
            message: '',
            systems: [],
          })),
        );
        if (run === undefined)
          throw new Refusal('unavailable', 'Making the list took too long, so it was given up. Try it again.');
        return { ok: true, run, message: `Trying it on ${run.items} cases. Nothing is sent.` };
      }),
    'repair.start': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const current = await existing(request.run_id);
        const { run } = current;
        if (run.status !== 'tried') throw new Refusal('refused', `A run that is ${run.status} cannot be started.`);
        if (!(Object.keys(run.counts) as (keyof typeof run.counts)[]).some((outcome) => isNext({ outcome })))
          throw new Refusal('refused', 'The repair cures none of these cases, so there is nothing to replay.');
        const held = onHold(run.fingerprint);
        if (held !== undefined)
          throw new Refusal('refused', `The cause is on hold: ${held} Release it first.`, { because: 'cause_on_hold' });
        if (run.repair.kind === 'mapping')
          await putMapping({ ...run.repair.mapping, actor: request.actor, reason: run.reason });
        return change(
          current,
          { status: 'replaying', started_by: request.actor.id, rate_per_s: request.rate_per_s },
          'Replaying in waves.',
        );
      }),
    'repair.pause': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const current = await inStatus(request.run_id, ['replaying']);
        const why = request.reason === '' ? '' : `: ${request.reason}`;
        return change(
          current,
          { status: 'paused', message: `Paused by ${request.actor.id}${why}`.slice(0, 1000) },
          'Paused. What is under way comes to its end.',
        );
      }),
    'repair.resume': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const current = await inStatus(request.run_id, ['paused']);
        return change(current, { status: 'replaying', message: '', wave: 0 }, 'Going on, in small waves first.');
      }),
    'repair.abort': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const current = await inStatus(request.run_id, ['trying', 'tried', 'replaying', 'paused']);
        return change(
          current,
          { status: 'aborted', message: `Aborted by ${request.actor.id}: ${request.reason}`.slice(0, 1000) },
          'Aborted. What is under way comes to its end; the rest is left as it was.',
        );
      }),
  };

  async function casesOf(fingerprint: string): Promise<CaseState[]> {
    if (!(await index.caughtUp()))
      throw new Refusal('unavailable', 'The engine is still reading the open cases. Try again in a moment.');
    return [...index.open()].filter((state) => state.fingerprint === fingerprint);
  }

  async function named(ids: readonly string[]): Promise<CaseState[]> {
    const found: CaseState[] = [];
    await inParallel(new Set(ids), READ_AT_ONCE, async (id) => {
      const stored = await cases.get(id);
      if (stored !== undefined) found.push(stored.state);
    });
    return found;
  }

  async function existing(id: string): Promise<StoredRun> {
    const current = await store.get(id);
    if (current === undefined) throw new Refusal('not_found', 'There is no such repair run.');
    return current;
  }

  async function inStatus(id: string, statuses: readonly RepairRun['status'][]): Promise<StoredRun> {
    const current = await existing(id);
    if (!statuses.includes(current.run.status))
      throw new Refusal('refused', WORDS[current.run.status] ?? `The run is ${current.run.status} already.`);
    return current;
  }

  /** The engine writes its progress all the while: a change is decided on the status, not on the revision. */
  async function change(current: StoredRun, patch: Partial<RepairRun>, message: string): Promise<CommandReply> {
    const { status } = current.run;
    for (let now: StoredRun = current; ; now = await existing(current.run.run_id)) {
      if (now.run.status !== status) throw new Refusal('conflict', `The run is ${now.run.status} by now.`);
      const changed = await store.change(now, patch);
      if (changed !== undefined) return { ok: true, run: changed.run, message };
    }
  }
}
