import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { PatchOperation } from '#contracts/v1/repair.ts';
import type { ShadowChange } from '#contracts/v1/shadow.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { parseEstate } from '#platform/estate.ts';
import type { RatesInForce } from '#platform/rates.ts';
import type { Arrival } from '../arrivals/arrival.ts';
import { fingerprintOf, normalisePath } from '../flows/fingerprint.ts';
import { exceedsOnePerson, worthOf } from '../one-person.ts';
import { applyPatch, DoesNotApply } from '../repairs/patch.ts';
import { covers } from '../repairs/rule-match.ts';
import { stoppedAt } from './differences.ts';
import { type Looking, openSide, type Side, type Tried } from './side.ts';

/** Why a rule leaves an order that stops with its cause as it is. */
export interface NotCured {
  notCured: string;
}

/** How things are, and how they would be. */
export interface Comparison {
  before: Side;
  /** @param refused an outside system stopped this order, which a trial cannot see: a rule for that is tried all the same. */
  after(arrival: Arrival, at: Date, before: Tried, refused: boolean): Promise<Tried | NotCured>;
  close(): Promise<void>;
}

/**
 * @throws EstateError where the estate file is not valid, Error where a connector lacks a setting. Variables are not
 * filled in: a file from outside must not learn what they hold.
 */
export function openComparison(change: ShadowChange, estate: Estate, looking: Looking): Comparison {
  if (change.kind === 'estate')
    return comparing(openSide(estate, looking), openSide(parseEstate(change.yaml, {}), looking));
  const { repair, scope } = change;
  if (repair.kind === 'none') throw new Error('Another attempt alone changes nothing that could be compared.');
  const before = openSide(estate, looking);
  if (repair.kind === 'mapping') return comparing(before, openSide(estate, looking, [repair.mapping]));
  const { operations } = repair;
  return {
    before,
    after: async (arrival, at, tried, refused) => {
      const answered = scope === undefined || answers(scope, tried) || (refused && tried.result.ok);
      if (!answered) return tried;
      const after = await repaired(before, arrival, at, operations);
      if (scope === undefined) return 'notCured' in after ? tried : after;
      if ('notCured' in after) return after;
      // A rule is used only where the order becomes canonical and valid by it.
      const [problem] = after.result.problems;
      if (problem !== undefined && UNDERSTANDING.has(stoppedAt(after.result))) return { notCured: stopOf(problem) };
      return movesTooMuch(tried, after, looking.rates.today()) ? { notCured: SUGGESTED } : after;
    },
    close: () => before.close(),
  };
}

const comparing = (before: Side, after: Side): Comparison => ({
  before,
  after: (arrival, at) => after.try(arrival, at),
  close: async () => {
    await Promise.all([before.close(), after.close()]);
  },
});

/** Would the order stop with the cause that the rule is for? */
function answers(scope: RepairRule['scope'], { view, result }: Tried): boolean {
  const [problem] = result.problems;
  const step = stoppedAt(result);
  if (result.ok || problem === undefined || step === '') return false;
  const understood = result.canonical as { channel: string; legal_entity: string } | undefined;
  const { channel, legal_entity } = understood ?? view.state.dimensions;
  return covers({ scope }, { fingerprint: fingerprintOf('order_to_cash', step, problem), channel, legal_entity });
}

/** What a rule may not do by itself, whatever it may cure. */
function movesTooMuch(before: Tried, after: Tried, rates: RatesInForce): boolean {
  const { estate, state } = before.view;
  const canonical = [before, after].flatMap(({ result }) => (result.canonical as Order | undefined) ?? []);
  return [state.dimensions, ...canonical.map(worthOf)].some((money) => exceedsOnePerson(money, estate, rates));
}
const SUGGESTED = 'is worth more than one person may move, so its case opens and names the rule';

/** The order with its payload patched, or why it cannot be. */
async function repaired(
  side: Side,
  arrival: Arrival,
  at: Date,
  operations: readonly PatchOperation[],
): Promise<Tried | NotCured> {
  try {
    return await side.try(arrival, at, applyPatch(Buffer.from(arrival.body).toString(), operations));
  } catch (error) {
    if (error instanceof DoesNotApply) return { notCured: error.message };
    throw error;
  }
}

/** The cause may be the same, at another place of the order. */
const stopOf = ({ message, path }: CaseProblem): string =>
  `still stops${path === '' ? '' : ` because of ${normalisePath(path)}`}: ${message}`;

const UNDERSTANDING: ReadonlySet<string> = new Set(['canonicalise', 'validate', 'order']);
