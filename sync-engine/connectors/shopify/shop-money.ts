interface MoneySet {
  shop_money: { amount: string; currency_code: string };
}

/** The shop-currency amount of a field: of its money set where there is one, else the plain field, which is the same. */
export function shopMoney(set: MoneySet | null | undefined, plain: string): string {
  return set?.shop_money.amount ?? plain;
}
