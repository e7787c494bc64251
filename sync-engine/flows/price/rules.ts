import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Price } from '#contracts/v1/catalogue.ts';
import type { Channel } from '#contracts/v1/estate.ts';
import { Decimal } from '../../money.ts';

/** What is wrong with a price that was read, whoever sent it. */
export function priceProblems(price: Price, channel: Pick<Channel, 'name' | 'currency'>): CaseProblem[] {
  const problems: CaseProblem[] = [];
  const wrong = (path: string, error_code: string, message: string) =>
    problems.push({ error_class: 'validation', error_code, path, document: 'received', message });
  if (price.currency !== channel.currency)
    wrong('/currency', 'wrong_currency', `${channel.name} sells in ${channel.currency}, not in ${price.currency}.`);
  if (new Decimal(price.amount).lte(0))
    wrong('/amount', 'price_not_positive', `The price ${price.amount} is not above zero.`);
  if (price.compare_at !== undefined && new Decimal(price.compare_at).lt(price.amount))
    wrong(
      '/compare_at',
      'compare_at_below_price',
      `The price to compare with, ${price.compare_at}, is below the price ${price.amount}.`,
    );
  if (price.ends_at !== undefined && price.ends_at <= price.starts_at)
    wrong('/ends_at', 'ends_before_start', `The price ends (${price.ends_at}) before it begins (${price.starts_at}).`);
  return problems;
}
