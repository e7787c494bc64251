import type { PayoutKind } from '#contracts/v1/payout.ts';

/** Columns that a settlement report of either version has. */
export const always = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'quantity-purchased',
] as const;

/** An amount of a row, the column that says what it is for, and what that is. */
export interface AmountColumn {
  amount: string;
  words: string | undefined;
  kind(words: string, type: string): PayoutKind;
}

const fees: AmountColumn['kind'] = () => 'fees';
const proceeds: AmountColumn['kind'] = () => 'proceeds';

/** Flat file V2: one amount a row, with its type in a column of its own. */
export const secondVersion: readonly AmountColumn[] = [
  { amount: 'amount', words: 'amount-description', kind: (words, type) => kindOf(type, words) },
];

/** The flat file before it: one row a charge too, each kind in columns of its own. */
export const firstVersion: readonly AmountColumn[] = [
  { amount: 'price-amount', words: 'price-type', kind: proceeds },
  { amount: 'promotion-amount', words: 'promotion-type', kind: proceeds },
  { amount: 'shipment-fee-amount', words: 'shipment-fee-type', kind: fees },
  { amount: 'order-fee-amount', words: 'order-fee-type', kind: fees },
  { amount: 'item-related-fee-amount', words: 'item-related-fee-type', kind: (words) => feeOrTax(words) },
  { amount: 'misc-fee-amount', words: undefined, kind: fees },
  { amount: 'other-fee-amount', words: 'other-fee-reason-description', kind: fees },
  { amount: 'direct-payment-amount', words: 'direct-payment-type', kind: () => 'other' },
  { amount: 'other-amount', words: undefined, kind: (_, type) => kindOf('other-transaction', type) },
];

const feeOrTax = (words: string): PayoutKind => (/^MarketplaceFacilitatorTax/i.test(words) ? 'tax' : 'fees');

/** By Amazon's amount types; what is not among them nobody books unseen. */
function kindOf(type: string, words: string): PayoutKind {
  switch (type) {
    case 'ItemPrice':
    case 'Promotion':
      return 'proceeds';
    case 'ItemWithheldTax':
      return 'tax';
    case 'ItemFees':
    case 'ShipmentFees':
    case 'OrderFees':
    case 'Cost of Advertising':
      return 'fees';
    case 'other-transaction':
      if (/reserve amount/i.test(words)) return 'reserve';
      return /fee|subscription/i.test(words) ? 'fees' : 'other';
    default:
      return 'other';
  }
}
