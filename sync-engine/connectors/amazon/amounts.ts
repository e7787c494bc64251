import type { CaseProblem } from '#contracts/v1/case.ts';
import type { TaxLine } from '#contracts/v1/order.ts';
import { jsonPointer } from '../../json-pointer.ts';
import { type Amount, amountText, Decimal } from '../../money.ts';
import type { AmazonItem, AmazonMoney } from './contract.ts';

type Path = readonly (string | number)[];

/** The money of one order, in its currency; what is wrong with an amount is noted, with where it stands. */
export interface Amounts {
  /** An amount that may be absent, which means none. */
  of(money: AmazonMoney | null | undefined, path: Path): Amount;
  problem(code: string, path: Path, message: string): void;
}

export function amountsIn(currency: string, problems: CaseProblem[]): Amounts {
  const problem: Amounts['problem'] = (code, path, message) =>
    void problems.push({
      error_class: 'validation',
      error_code: code,
      path: jsonPointer([...path]),
      document: 'received',
      message,
    });
  return {
    problem,
    of: (money, path) => {
      if (money == null) return new Decimal(0);
      if (money.CurrencyCode !== currency)
        problem(
          'other_currency',
          [...path, 'CurrencyCode'],
          `${String(path.at(-1))} is in ${money.CurrencyCode}, the order in ${currency}.`,
        );
      const amount = new Decimal(money.Amount);
      if (amount.isNegative() && !amount.isZero())
        problem(
          'negative_amount',
          [...path, 'Amount'],
          `${String(path.at(-1))} is ${money.Amount}, less than nothing.`,
        );
      return amount;
    },
  };
}

/** Text with the two digits that Amazon writes, or more where it wrote more. */
export const written = (amount: Amount): string => amountText(amount, '0.00');

/** Of what Amazon collects and remits itself, and of what the seller answers for: ERPs book them differently. */
const FACILITATED = 'Amazon marketplace facilitator tax';
const SELLERS = 'Amazon seller tax';

/** Amazon names no tax and no rate: the code says who answers for it, the rate is what the amounts make. */
export function taxesOf(tax: Amount, taxed: Amount, item: Pick<AmazonItem, 'TaxCollection'> | undefined): TaxLine[] {
  if (tax.isZero()) return [];
  const rate = taxed.isZero() ? new Decimal(0) : tax.dividedBy(taxed).toDecimalPlaces(6);
  const code = item?.TaxCollection?.Model === 'MarketplaceFacilitator' ? FACILITATED : SELLERS;
  return [{ code, rate: rate.toFixed(), amount: written(tax) }];
}
