import { Decimal } from '../../money.ts';

/**
 * Spreads an amount over parts by their weights, to `digits` decimals and without losing any of it: what rounding down
 * leaves goes to the parts that lost most, the first of them first. Parts of no weight get nothing, unless all have none.
 */
export function spread(amount: string, weights: readonly string[], digits: number): string[] {
  const total = weights.reduce((sum, weight) => sum.plus(weight), new Decimal(0));
  const whole = new Decimal(amount);
  const exact = weights.map((weight) =>
    total.isZero() ? whole.dividedBy(weights.length) : whole.times(weight).dividedBy(total),
  );
  const cut = exact.map((part) => part.toDecimalPlaces(digits, Decimal.ROUND_DOWN));
  const unit = new Decimal(10).pow(-digits).times(whole.isNegative() ? -1 : 1);
  const left = whole.minus(cut.reduce((sum, part) => sum.plus(part), new Decimal(0)));
  const steps = left.dividedBy(unit).floor().toNumber();
  const order = exact
    .map((part, i) => ({ i, lost: part.minus(cut[i] ?? 0).abs() }))
    .sort((a, b) => b.lost.comparedTo(a.lost) || a.i - b.i)
    .slice(0, steps)
    .map(({ i }) => i);
  const parts = cut.map((part, i) => (order.includes(i) ? part.plus(unit) : part));
  // An amount finer than the digits asked for: the first part keeps the rest, so that nothing is lost.
  const rest = left.minus(unit.times(steps));
  return parts
    .map((part, i) => (i === 0 ? part.plus(rest) : part))
    .map((part) => part.toFixed(Math.max(digits, part.decimalPlaces())));
}
