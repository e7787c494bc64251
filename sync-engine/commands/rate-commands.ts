import type { Actor } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { type DatedRate, MOST_FORMER_RATES, type StoredRate, storedRate } from '#contracts/v1/rate.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { compareAndSwap, getJson, type KV } from '#platform/nats/kv.ts';
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
  now: () => Date;
}

type Wanted = DatedRate & { version?: number | undefined };
type Stored = Awaited<ReturnType<typeof getJson<typeof storedRate>>>;

const AT_ONCE = 50;

/** Sets rates from their days on: those of today and of days to come, and corrections of days that were. */
export function rateCommands(options: RateCommandsOptions): Pick<CommandHandlers, 'rates.set'> {
  const { kv, estate, now } = options;
  return {
    'rates.set': ({ actor, entries, reason }) =>
      replying(async () => {
        authorise(actor, 'rates.write');
        refuseAll(rateProblems(entries, estate, dayOf(now())), entries.length);
        const stored = new Map<Wanted, Stored>();
        await inParallel(entries, AT_ONCE, async (entry) => {
          stored.set(entry, await getJson(kv, rateKey(entry), storedRate));
        });
        // Nothing is written before every one of them may be.
        refuseAll(
          entries.flatMap((entry, index) => {
            const message = reasonAgainst(entry, stored.get(entry)?.value, reason);
            return message === undefined ? [] : [{ path: `/entries/${index}/rate`, message }];
          }),
          entries.length,
          'conflict',
        );
        let changed = 0;
        await inParallel(entries, AT_ONCE, async (entry) => {
          if (await set(options, entry, stored.get(entry), actor, reason)) changed++;
        });
        const [only] = entries.length === 1 ? entries : [];
        const rate = only && (await getJson(kv, rateKey(only), storedRate))?.value;
        return { ok: true, ...(rate && { rate }), message: messageOf(entries, changed, estate.reporting_currency) };
      }),
  };
}

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
  const { currency, day, set_by } = stands;
  if (isSame(rate, stands)) return undefined;
  const there = `${currency} has the rate ${stands.rate} from ${day} on, set by ${set_by}.`;
  if (version !== undefined && version !== stands.version) return `${there} Look at it, and correct that one.`;
  return reason === '' ? `${there} Give a reason to correct it.` : undefined;
}

const isSame = (rate: string, stands: StoredRate): boolean => plain(rate) === plain(stands.rate);
/** "01.080" and "1.08" are one rate. */
const plain = (rate: string): string => {
  const [whole = '', fraction = ''] = rate.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
};

/** @returns whether this changed it. */
async function set(
  { kv, learn, now }: RateCommandsOptions,
  entry: Wanted,
  read: Stored,
  actor: Actor,
  reason: string,
): Promise<boolean> {
  const { day, currency, rate } = entry;
  for (let current = read; ; current = await getJson(kv, rateKey(entry), storedRate)) {
    const before = current?.value;
    if (before !== undefined && isSame(rate, before)) return false;
    const against = reasonAgainst(entry, before, reason);
    if (against !== undefined) throw new Refusal('conflict', against);
    const next: StoredRate = {
      ...{ day, currency, rate, reason },
      set_by: actor.id,
      set_at: now().toISOString(),
      version: (before?.version ?? 0) + 1,
      former: before === undefined ? [] : [formerOf(before), ...before.former].slice(0, MOST_FORMER_RATES),
    };
    const written = await compareAndSwap(kv, rateKey(entry), JSON.stringify(next), current?.revision ?? 0);
    if (written === undefined) continue;
    learn(next);
    return true;
  }
}

const formerOf = ({ rate, set_by, set_at, reason }: StoredRate) => ({ rate, set_by, set_at, reason });

function messageOf(entries: readonly DatedRate[], changed: number, reporting: string): string {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined)
    return `One ${only.currency} is ${only.rate} ${reporting} from ${only.day} on${changed === 0 ? ' already' : ''}.`;
  const rest = entries.length - changed;
  return `${changed} rates are set${rest === 0 ? '' : `; ${rest} were there already`}.`;
}
