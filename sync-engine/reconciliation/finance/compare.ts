import type { BreakKind, ReconciliationGroup } from '#contracts/v1/reconciliation.ts';
import type { Exchanged } from '../../connectors/services.ts';
import { Decimal } from '../../money.ts';

export type Subject = 'capture' | 'refund' | 'invoice' | 'credit_memo' | 'journal';

/** One movement of money or one document, as one side has it. */
export interface Line {
  subject: Subject;
  /** The settlement source: the system that has it too. */
  system: string;
  /** What both sides know it by. */
  reference: string;
  at: string;
  /** Above zero; empty where the side does not say. */
  amount: string;
  /** Where `amount` comes of a rate of exchange: several of one reference may be parts of one charge. */
  exchanged?: Exchanged;
  currency: string;
  channel: string;
  method: string;
  legal_entity: string;
  business_key: string;
  key: string;
  references: string[];
  /** Other numbers that the same may go by at the other side, the likeliest first. */
  aliases?: readonly string[];
}

/** One reference at both sides. A payment may have been taken in parts under one reference: they add up. */
export interface Match {
  reference: string;
  ours: readonly Line[];
  theirs: readonly Line[];
  kind?: BreakKind;
  /** Both have it, and one of them does not say how much money it was. */
  undecided?: true;
}

export interface CompareMoney {
  ours: readonly Line[];
  theirs: readonly Line[];
  tolerance: string;
  /** Period [from, to): a match counts where either side has it in there. */
  from: string;
  to: string;
  /** References of open breaks: looked at again whenever they were. */
  reopened: ReadonlySet<string>;
}

const family: Record<Subject, 'capture' | 'refund' | 'posting'> = {
  capture: 'capture',
  refund: 'refund',
  invoice: 'posting',
  credit_memo: 'posting',
  journal: 'posting',
};

/** What a reference stands for across both sides: a reference of one currency at one system, of one kind of movement. */
export const matchKey = ({
  subject,
  system,
  currency,
  reference,
}: Pick<Line, 'subject' | 'system' | 'currency' | 'reference'>) =>
  [family[subject], system, currency, reference].join(' ');

/** Sum of what the lines say; undefined where one of them does not say. */
export const totalOf = (lines: readonly Line[]): string | undefined => figureOf(lines)?.total;

/** What lines of one reference come to, and by how much that is open. Parts that make a whole charge are that charge. */
function figureOf(lines: readonly Line[]): { total: string; margin: string } | undefined {
  if (lines.some(({ amount }) => amount === '')) return undefined;
  const sum = lines.reduce((total, { amount }) => total.plus(amount), new Decimal(0));
  const margin = lines.reduce((total, { exchanged }) => total.plus(exchanged?.margin ?? 0), new Decimal(0));
  const whole = lines[0]?.exchanged?.whole;
  const isWhole =
    whole !== undefined &&
    lines.every(({ exchanged }) => exchanged?.whole === whole) &&
    sum.minus(whole).abs().lte(margin);
  if (isWhole) return { total: new Decimal(whole).toFixed(2), margin: '0' };
  return { total: sum.toFixed(2), margin: margin.toFixed() };
}

/**
 * Holds our lines against theirs, by reference. What lies in the period at either side is judged; what lies around it is
 * there only to find the other half of something at its edge. Pure.
 */
export function compareMoney({ ours, theirs, tolerance, from, to, reopened }: CompareMoney): Match[] {
  const sides = new Map<string, { ours: Line[]; theirs: Line[] }>();
  const sideOf = (line: Line) => {
    const known = sides.get(matchKey(line)) ?? { ours: [], theirs: [] };
    sides.set(matchKey(line), known);
    return known;
  };
  const named = new Map<string, Line>();
  for (const line of ours) {
    sideOf(line).ours.push(line);
    for (const reference of [line.reference, ...(line.aliases ?? [])])
      named.set(matchKey({ ...line, reference }), line);
  }
  for (const line of theirs) {
    const known = [line.reference, ...(line.aliases ?? [])].flatMap(
      (reference) => named.get(matchKey({ ...line, reference })) ?? [],
    );
    sideOf(known[0] ?? line).theirs.push(line);
  }
  const inPeriod = ({ at }: Line) => at >= from && at < to;
  return [...sides].flatMap(([key, side]) => {
    if (!reopened.has(key) && !side.ours.some(inPeriod) && !side.theirs.some(inPeriod)) return [];
    const reference = (side.ours[0] ?? side.theirs[0])?.reference ?? '';
    return [{ reference, ...side, ...judge(side.ours, side.theirs, tolerance) }];
  });
}

function judge(ours: readonly Line[], theirs: readonly Line[], tolerance: string): Pick<Match, 'kind' | 'undecided'> {
  const [mine] = ours;
  const [other] = theirs;
  const about = family[(mine ?? other)?.subject ?? 'capture'];
  if (mine === undefined) return { kind: `${about}_unknown` };
  if (other === undefined) return { kind: `${about}_missing` };
  const [a, b] = [figureOf(ours), figureOf(theirs)];
  // A document of ours whose amount we do not say is held to be there; of money that says nothing.
  if (about !== 'posting' && (a === undefined || b === undefined)) return { undecided: true };
  if (a !== undefined && b !== undefined) {
    const open = new Decimal(tolerance).plus(a.margin).plus(b.margin);
    if (new Decimal(a.total).minus(b.total).abs().greaterThan(open)) return { kind: `${about}_amount` };
  }
  const elsewhere = other.legal_entity !== '' && mine.legal_entity !== '' && other.legal_entity !== mine.legal_entity;
  return about === 'posting' && elsewhere ? { kind: 'posting_entity' } : {};
}

/** By channel, payment method, settlement source, legal entity and currency: what each side comes to. */
export function groupMatches(matches: readonly Match[]): ReconciliationGroup[] {
  const groups = new Map<string, ReconciliationGroup>();
  for (const { ours, theirs, kind, undecided } of matches) {
    const line = ours[0] ?? theirs[0];
    if (line === undefined) continue;
    const { subject, system, channel, method, legal_entity, currency } = line;
    const key = [subject, system, channel, method, legal_entity, currency].join(' ');
    const group = groups.get(key) ?? {
      ...{ subject, system, location: '', channel, method, legal_entity },
      ...{ currency, compared: 0, agreeing: 0, undecided: 0, ours: '0.00', theirs: '0.00' },
    };
    groups.set(key, group);
    if (undecided === true) {
      group.undecided++;
      continue;
    }
    group.compared++;
    if (kind === undefined) group.agreeing++;
    group.ours = plus(group.ours, totalOf(ours));
    group.theirs = plus(group.theirs, totalOf(theirs));
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const plus = (sum: string, amount: string | undefined): string =>
  amount === undefined ? sum : new Decimal(sum).plus(amount).toFixed(2);
