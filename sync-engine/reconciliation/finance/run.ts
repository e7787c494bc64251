import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import { currencyCode } from '#contracts/v1/primitives.ts';
import type { BreakKind, FinancePlan, ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import type { VerbName } from '../../connectors/services.ts';
import { Decimal } from '../../money.ts';
import type { Compared, Found } from '../found.ts';
import type { PageReader } from '../read-pages.ts';
import type { Trail } from '../trail.ts';
import { compareMoney, groupMatches, type Line, type Match, matchKey, type Subject, totalOf } from './compare.ts';
import { readLedger } from './ledger.ts';
import { readTheirs } from './read-theirs.ts';

export interface FinanceRunOptions extends PageReader {
  estate: Estate;
  js: JetStreamClient;
  manager: JetStreamManager;
  offers: (system: string, verb: VerbName) => boolean;
  /** Breaks of this plan that stand. Those still open are looked at again whatever their period. */
  standing: readonly ReconciliationBreak[];
  trail: Pick<Trail, 'add'>;
}

const DAY_MS = 86_400_000;
/** Events stay for about a month; an open break older than this is not looked at again. */
const FARTHEST_MS = 28 * DAY_MS;
/** Around the period, at the least: clocks differ, and an answer may be lost and looked up later. */
const LEAST_EDGE_MS = 10 * 60_000;

const wantedBy: Record<FinancePlan['compare'][number], readonly Subject[]> = {
  captures: ['capture'],
  refunds: ['refund'],
  postings: ['invoice', 'credit_memo', 'journal'],
};

/** Compares what orders say was captured, refunded and posted with what payment systems and ERPs have of it. */
export async function compareFinance(
  plan: FinancePlan,
  period: { from: string; to: string },
  options: FinanceRunOptions,
): Promise<Compared> {
  const { standing, trail, now, signal } = options;
  const edge = Math.max(LEAST_EDGE_MS, plan.lag_s * 1000);
  const farthest = now().getTime() - FARTHEST_MS;
  const again = standing.filter(({ status, occurred_at }) => status === 'open' && Date.parse(occurred_at) >= farthest);
  const oldest = Math.min(Date.parse(period.from), ...again.map((one) => Date.parse(one.occurred_at)));
  const since = new Date(Math.max(farthest, oldest - edge));
  const startedAt = now().toISOString();
  // Theirs first: what they have by then, we know of or are about to.
  const theirs = await readTheirs(
    plan,
    since,
    new Date(Math.max(now().getTime(), Date.parse(period.to) + edge)),
    options,
  );
  for (const step of theirs.steps) await trail.add(step);
  const oursAt = now().toISOString();
  const wanted = new Set(plan.compare.flatMap((one) => wantedBy[one]));
  const all = await readLedger(options.js, options.manager, since, signal);
  const ours = all.filter(({ subject, system }) => wanted.has(subject) && theirs.readAt.has(system));
  await trail.add({ step: 'read_orders', started_at: oursAt, attributes: { items: String(ours.length) } });
  const reopened = new Set(again.map((one) => matchKey(lineOfBreak(one))));
  const matches = compareMoney({
    ours,
    theirs: theirs.lines,
    tolerance: plan.tolerance,
    ...period,
    reopened,
  });
  const found = matches.flatMap((match) => foundOf(match, oursAt, theirs.readAt, options.estate));
  const differing = new Set(found.map((one) => matchKey(lineOfBreak(one))));
  const undecided = new Set(matches.filter((match) => match.undecided === true).map(keyOfMatch));
  const looked = new Set([...reopened, ...matches.map(keyOfMatch)]);
  const compared = matches.length - undecided.size;
  await trail.add({
    step: 'compare_money',
    started_at: startedAt,
    attributes: { documents: String(matches.length), differing: String(found.length) },
  });
  return {
    compared,
    agreeing: compared - found.length,
    undecided: undecided.size,
    groups: groupMatches(matches),
    found,
    agrees: (known) => {
      const key = matchKey(lineOfBreak(known));
      return theirs.readAt.has(known.system) && looked.has(key) && !differing.has(key) && !undecided.has(key);
    },
    unread: theirs.unread,
  };
}

/** As `compareMoney` matched it: by our reference where we have one. */
const keyOfMatch = ({ ours, theirs }: Match): string => [...ours, ...theirs].map(matchKey)[0] ?? '';

type Known = Pick<Found, 'kind' | 'system' | 'currency' | 'reference'>;
const subjectOf = (kind: BreakKind): Subject =>
  kind.startsWith('capture') ? 'capture' : kind.startsWith('refund') ? 'refund' : 'invoice';
const lineOfBreak = ({ kind, system, currency, reference }: Known) => ({
  ...{ subject: subjectOf(kind), system, currency, reference },
});

function foundOf(
  { reference, ours, theirs, kind }: Match,
  oursAt: string,
  readAt: ReadonlyMap<string, string>,
  estate: Estate,
): Found[] {
  const line = ours[0] ?? theirs[0];
  if (kind === undefined || line === undefined) return [];
  const posting = kind.startsWith('posting');
  const currency = currencyCode.safeParse(line.currency).data ?? entityCurrency(line, estate);
  const [mine, other] = [totalOf(ours), totalOf(theirs)];
  const side = (lines: readonly Line[], figure: string | undefined) => ({
    figure: lines.length === 0 ? ('' as const) : (figure ?? ('' as const)),
    references: [...new Set(lines.flatMap(({ references }) => references))].slice(0, 20),
  });
  return [
    {
      domain: 'accounting',
      kind,
      system: line.system,
      sku: '',
      location: '',
      channel: line.channel,
      legal_entity: line.legal_entity,
      method: line.method,
      reference,
      business_key: line.business_key,
      key: line.key,
      difference: new Decimal(other ?? '0').minus(mine ?? '0').toFixed(2),
      currency,
      occurred_at: line.at,
      sides: [
        { side: 'syncline', system: 'syncline', read_at: oursAt, ...side(ours, mine) },
        {
          side: posting ? 'erp' : 'payments',
          system: line.system,
          read_at: readAt.get(line.system) ?? oursAt,
          ...side(theirs, other),
        },
      ],
    },
  ];
}

const entityCurrency = ({ legal_entity }: Line, estate: Estate) =>
  estate.legal_entities.find(({ id }) => id === legal_entity)?.currency ?? '';
