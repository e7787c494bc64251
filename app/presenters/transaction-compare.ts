import type { z } from 'zod';
import { figures as definitions } from '#app/figures.ts';
import { formatDuration, formatNumber } from '#app/format.ts';
import { transactionFigures } from '#app/queries/transaction-latency.ts';
import type { AppContext } from '#app/server/context.ts';
import type { ComparedRange } from '#app/transactions/compared-range.ts';
import type { TransactionQuestion } from '#app/transactions/filters.ts';
import { narrowed, spanText } from '#app/transactions/paths.ts';
import { absoluteChange, type Change, relativeChange } from './change.ts';
import { presentFunnel, readFunnel } from './transaction-funnel.ts';

export type Figures = z.output<typeof transactionFigures.row>;

interface Side {
  words: string;
  path: string;
}
export interface ComparedLine {
  name: string;
  /** How it is computed; empty where the name says it. */
  about: string;
  now: Side;
  before: Side;
  change: Change | undefined;
}

export const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
export const shareOf = (count: number, all: number): number => (all === 0 ? 0 : count / all);
const points = (difference: number) => `${(100 * difference).toFixed(2)} points`;

/** The figures of two windows beside each other under the same filters, and how far the transactions of both came. */
export async function presentComparison(
  context: Pick<AppContext, 'read'>,
  question: { filter: TransactionQuestion; search: URLSearchParams; figures: Figures; compared: ComparedRange },
) {
  const { filter, search, figures, compared } = question;
  const { from, to } = compared;
  const other = { ...filter, from, to };
  const there = new URLSearchParams(search);
  for (const [name, value] of Object.entries({ range: 'custom', from, to })) there.set(name, value);
  const [[before], funnelNow, funnelBefore] = await Promise.all([
    context.read(transactionFigures, other),
    readFunnel(context, filter),
    readFunnel(context, other),
  ]);
  const lines = before === undefined ? [] : linesOf({ now: figures, before }, { now: search, before: there });
  const stepsBefore = presentFunnel(filter.flow, funnelBefore, there);
  const stepsNow = presentFunnel(filter.flow, funnelNow, search);
  return {
    ...compared,
    lines,
    steps: stepsNow.steps
      .filter(({ onLine }) => onLine)
      .map(({ step, label, completed }) => {
        const earlier = stepsBefore.steps.find((one) => one.step === step)?.completed ?? { count: 0, path: '' };
        const [now, then] = [shareOf(completed.count, stepsNow.total), shareOf(earlier.count, stepsBefore.total)];
        return {
          step,
          label,
          now: { share: now, ...completed },
          before: { share: then, ...earlier },
          change: absoluteChange(now, then, points, 'more'),
        };
      }),
  };
}
export type ComparisonView = Awaited<ReturnType<typeof presentComparison>>;

type Two<T> = Record<'now' | 'before', T>;

function linesOf({ now, before }: Two<Figures>, at: Two<URLSearchParams>): ComparedLine[] {
  const counted = (
    name: string,
    of: (figures: Figures) => number,
    also: Record<string, readonly string[]>,
    better?: 'more' | 'less',
  ): ComparedLine => ({
    name,
    about: '',
    now: { words: formatNumber(of(now)), path: narrowed(at.now, { also }) },
    before: { words: formatNumber(of(before)), path: narrowed(at.before, { also }) },
    change: relativeChange(of(now), of(before), better),
  });
  const rate = ({ exceptions, transactions }: Figures) => shareOf(exceptions, transactions);
  const latency = (name: string, index: number): ComparedLine => {
    const of = (figures: Figures) => (figures.measured === 0 ? null : (figures.latency[index] ?? null));
    const side = (figures: Figures, search: URLSearchParams) => {
      const value = of(figures);
      return value === null
        ? { words: 'none', path: '' }
        : { words: formatDuration(value), path: narrowed(search, { only: { latency: spanText(value + 1) } }) };
    };
    const [current, earlier] = [of(now), of(before)];
    return {
      name,
      about: 'Exact percentile over the transactions that have the chosen latency.',
      now: side(now, at.now),
      before: side(before, at.before),
      change:
        current === null || earlier === null ? undefined : absoluteChange(current, earlier, formatDuration, 'less'),
    };
  };
  return [
    counted('Transactions', ({ transactions }) => transactions, {}),
    counted('Exceptions', ({ exceptions }) => exceptions, { 'not.state': ['smooth'] }, 'less'),
    {
      name: 'Exception rate',
      about: definitions.exceptionRate.definition,
      now: { words: percent(rate(now)), path: '' },
      before: { words: percent(rate(before)), path: '' },
      change:
        now.transactions === 0 || before.transactions === 0
          ? undefined
          : absoluteChange(rate(now), rate(before), points, 'less'),
    },
    counted('Open', ({ open }) => open, { 'not.state': ['finished'] }),
    latency('Latency, p50', 0),
    latency('Latency, p95', 1),
    latency('Latency, p99', 2),
  ];
}
