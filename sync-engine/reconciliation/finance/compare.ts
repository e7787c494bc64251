import type { BreakKind, ReconciliationGroup } from '#contracts/v1/reconciliation.ts';
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
export function totalOf(lines: readonly Line[]): string | undefined {
  if (lines.some(({ amount }) => amount === '')) return undefined;
  return lines.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)).toFixed(2);
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
    const kind = kindOf(side.ours, side.theirs, tolerance);
    return [{ reference, ...side, ...(kind === undefined ? {} : { kind }) }];
  });
}

function kindOf(ours: readonly Line[], theirs: readonly Line[], tolerance: string): BreakKind | undefined {
  const [mine] = ours;
  const [other] = theirs;
  const about = family[(mine ?? other)?.subject ?? 'capture'];
  if (mine === undefined) return `${about}_unknown`;
  if (other === undefined) return `${about}_missing`;
  const [a, b] = [totalOf(ours), totalOf(theirs)];
  if (a !== undefined && b !== undefined && new Decimal(a).minus(b).abs().greaterThan(tolerance))
    return `${about}_amount`;
  const elsewhere = other.legal_entity !== '' && mine.legal_entity !== '' && other.legal_entity !== mine.legal_entity;
  return about === 'posting' && elsewhere ? 'posting_entity' : undefined;
}

/** By channel, payment method, settlement source, legal entity and currency: what each side comes to. */
export function groupMatches(matches: readonly Match[]): ReconciliationGroup[] {
  const groups = new Map<string, ReconciliationGroup>();
  for (const { ours, theirs, kind } of matches) {
    const line = ours[0] ?? theirs[0];
    if (line === undefined) continue;
    const { subject, system, channel, method, legal_entity, currency } = line;
    const key = [subject, system, channel, method, legal_entity, currency].join(' ');
    const group = groups.get(key) ?? {
      ...{ subject, system, location: '', channel, method, legal_entity },
      ...{ currency, compared: 0, agreeing: 0, undecided: 0, ours: '0.00', theirs: '0.00' },
    };
    group.compared++;
    if (kind === undefined) group.agreeing++;
    group.ours = plus(group.ours, totalOf(ours));
    group.theirs = plus(group.theirs, totalOf(theirs));
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const plus = (sum: string, amount: string | undefined): string =>
  amount === undefined ? sum : new Decimal(sum).plus(amount).toFixed(2);
