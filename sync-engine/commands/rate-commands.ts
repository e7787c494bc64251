import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { type DatedRate, MOST_FORMER_RATES, type StoredRate, storedRate } from '#contracts/v1/rate.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { Log } from '#platform/log.ts';
import { compareAndSwap, getJson, type KV, Unreadable } from '#platform/nats/kv.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { dayOf, rateKey, type Rates } from '#platform/rates.ts';
import { Refusal } from '../refusal.ts';
import { rateProblems } from './rate-problems.ts';
import { authorise, replying } from './replies.ts';

export interface RateCommandsOptions {
  /** Bucket RATES. */
  kv: KV;
  /** Tells this replica at once; the others hear of it by their watch. */
  learn: Rates['learn'];
  estate: Pick<Estate, 'reporting_currency'>;
  log: Log;
  now: () => Date;
}

type Wanted = DatedRate & { version?: number | undefined };
type Stored = Awaited<ReturnType<typeof getJson<typeof storedRate>>>;

const AT_ONCE = 50;

/** Sets rates from their days on: those of today and of days to come, and corrections of days that were. */
export function rateCommands(options: RateCommandsOptions): Pick<CommandHandlers, 'rates.set'> {
  const { estate, now } = options;
  return {
    'rates.set': ({ actor, entries, reason }) =>
      replying(async () => {
        authorise(actor, 'rates.write');
        refuseAll(rateProblems(entries, estate, dayOf(now())), entries.length);
        const stored = await readAll(options, entries);
        // Nothing is written before every one of them may be.
        refuseAll(
          entries.flatMap((entry, index) => {
            const message = reasonAgainst(entry, stored.get(entry)?.value, reason);
            return message === undefined ? [] : [{ path: `/entries/${index}/rate`, message }];
          }),
          entries.length,
          'conflict',
        );
        return setAll(options, entries, stored, actor, reason);
      }),
  };
}

/** What stands where each is to go. @throws Refusal naming those that cannot be read */
async function readAll(options: RateCommandsOptions, entries: readonly Wanted[]): Promise<Map<Wanted, Stored>> {
  const stored = new Map<Wanted, Stored>();
  const problems: Problem[] = [];
  await inParallel(entries.entries(), AT_ONCE, async ([index, entry]) => {
    try {
      stored.set(entry, await readOne(options, entry));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push({
        path: `/entries/${index}/rate`,
        message: `${error.message} Delete that key, or start the version of Syncline that wrote it.`,
      });
    }
  });
  refuseAll(problems, entries.length, 'conflict');
  return stored;
}

const keyOf = ({ estate }: Pick<RateCommandsOptions, 'estate'>, { currency, day }: DatedRate): string =>
  rateKey({ reporting_currency: estate.reporting_currency, currency, day });

const readOne = (options: RateCommandsOptions, entry: DatedRate): Promise<Stored> =>
  getJson(options.kv, keyOf(options, entry), storedRate);

/** Writes them; where some are not written after all, the reply says which, and which are. */
async function setAll(
  options: RateCommandsOptions,
  entries: readonly Wanted[],
  stored: ReadonlyMap<Wanted, Stored>,
  actor: Actor,
  reason: string,
): Promise<CommandReply> {
  const done: Wanted[] = [];
  const settled = new Set<Wanted>();
  const against = new Map<Wanted, string>();
  let failure: unknown;
  try {
    await inParallel(entries, AT_ONCE, async (entry) => {
      const outcome = await set(options, entry, stored.get(entry), actor, reason);
      if (outcome === 'set') done.push(entry);
      if (typeof outcome === 'string') settled.add(entry);
      else against.set(entry, outcome.against);
    });
  } catch (error) {
    if (done.length === 0) throw error;
    options.log.error({ err: error, set: done.length, asked: entries.length }, 'rates were set in part');
    failure = error;
  }
  const unset = entries.flatMap((entry, index) =>
    settled.has(entry)
      ? []
      : [{ path: `/entries/${index}/rate`, message: against.get(entry) ?? 'It could not be written: set it again.' }],
  );
  if (unset.length > 0)
    return {
      ok: false,
      error: {
        code: failure === undefined ? 'conflict' : 'unavailable',
        message: partly(entries.length, done.length, unset.length),
        fields: unset,
      },
      ...(done.length > 0 && { rates_set: done.map(({ currency, day }) => `${currency} ${day}`).sort() }),
    };
  const [only] = entries.length === 1 ? entries : [];
  const rate = only && (await readOne(options, only))?.value;
  const message = messageOf(entries, done.length, options.estate.reporting_currency);
  return { ok: true, ...(rate && { rate }), message };
}

const partly = (asked: number, done: number, unset: number): string =>
  asked === 1
    ? 'The rate is not set.'
    : `Of ${asked} rates ${unset} ${unset === 1 ? 'is' : 'are'} not set; ${done} ${done === 1 ? 'is' : 'are'}.`;

type Problem = { path: string; message: string };

function refuseAll(problems: readonly Problem[], asked: number, code: 'invalid' | 'conflict' = 'invalid'): void {
  if (problems.length === 0) return;
  const which =
    asked === 1 ? 'The rate is not set.' : `None of the ${asked} rates is set: ${problems.length} cannot be.`;
  throw new Refusal(code, which, { fields: [...problems] });
}

/** Why an entry may not take the place of what is there, if so. */
function reasonAgainst({ rate, version }: Wanted, stands: StoredRate | undefined, reason: string): string | undefined {
  if (stands === undefined) return undefined;
  if (isSame(rate, stands)) return undefined;
  if (version !== undefined && version !== stands.version)
    return `${standing(stands)} Look at it, and correct that one.`;
  return reason === '' ? `${standing(stands)} Give a reason to correct it.` : undefined;
}

const standing = ({ currency, day, rate, set_by }: StoredRate): string =>
  `${currency} has the rate ${rate} from ${day} on, set by ${set_by}.`;

const isSame = (rate: string, stands: StoredRate): boolean => plain(rate) === plain(stands.rate);
/** "01.080" and "1.08" are one rate. */
const plain = (rate: string): string => {
  const [whole = '', fraction = ''] = rate.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
};

/** Sets one over what was read. @returns what became of it, or what speaks against it: somebody else was there meanwhile */
async function set(
  options: RateCommandsOptions,
  entry: Wanted,
  read: Stored,
  actor: Actor,
  reason: string,
): Promise<'set' | 'there already' | { against: string }> {
  const { kv, learn, now, estate } = options;
  const { day, currency, rate } = entry;
  const before = read?.value;
  if (before !== undefined && isSame(rate, before)) return 'there already';
  const next: StoredRate = {
    ...{ day, currency, rate, reason },
    reporting_currency: estate.reporting_currency,
    set_by: actor.id,
    set_at: now().toISOString(),
    version: (before?.version ?? 0) + 1,
    former: before === undefined ? [] : [formerOf(before), ...before.former].slice(0, MOST_FORMER_RATES),
  };
  if (await compareAndSwap(kv, keyOf(options, entry), JSON.stringify(next), read?.revision ?? 0)) {
    learn(next);
    return 'set';
  }
  const meanwhile = (await readOne(options, entry))?.value;
  if (meanwhile === undefined) return { against: `${currency} of ${day} changed meanwhile. Set it again.` };
  return isSame(rate, meanwhile)
    ? 'there already'
    : { against: `${standing(meanwhile)} Look at it, and correct that one.` };
}

const formerOf = ({ rate, set_by, set_at, reason }: StoredRate) => ({ rate, set_by, set_at, reason });

function messageOf(entries: readonly DatedRate[], changed: number, reporting: string): string {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined)
    return `One ${only.currency} is ${only.rate} ${reporting} from ${only.day} on${changed === 0 ? ' already' : ''}.`;
  const rest = entries.length - changed;
  const there = rest === 0 ? '' : `; ${rest} ${rest === 1 ? 'was' : 'were'} there already`;
  return `${changed} ${changed === 1 ? 'rate is' : 'rates are'} set${there}.`;
}
