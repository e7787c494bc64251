import type { System } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import { exactNumber } from '#platform/exact-json.ts';
import { Decimal, sumAmounts } from '../../money.ts';
import { impossible } from '../transport/answer.ts';

/**
 * TaxJar's order of a canonical order: what is sold after discounts, and shipping apart. Where the goods come from is
 * the setting `from_country` (with `from_zip`, `from_state`, `from_city`, `from_street`), else the account's own address.
 */
export function taxRequestOf(order: Order, settings: System['settings']): Record<string, unknown> {
  const to = order.shipping_address ?? order.billing_address;
  if (to === undefined)
    throw impossible('NO_ADDRESS', 'Tax cannot be computed without an address.', '/shipping_address');
  const lines = order.lines.map((line) => ({
    id: line.line_id,
    quantity: exactNumber(String(line.quantity)),
    unit_price: exactNumber(line.unit_price),
    discount: exactNumber(discountsOf(line)),
  }));
  const goods = order.lines.reduce(
    (sum, line) => sum.plus(new Decimal(line.unit_price).times(line.quantity)).minus(discountsOf(line)),
    new Decimal(0),
  );
  const shipping = order.shipping.reduce(
    (sum, charge) => sum.plus(charge.price).minus(discountsOf(charge)),
    new Decimal(0),
  );
  return {
    ...fromAddress(settings),
    to_country: to.country_code,
    to_zip: to.postal_code,
    to_state: to.region_code,
    to_city: to.city,
    to_street: to.line1,
    amount: exactNumber(goods.plus(shipping).toFixed(2)),
    shipping: exactNumber(shipping.toFixed(2)),
    line_items: lines,
  };
}

function fromAddress(settings: System['settings']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => /^from_(country|zip|state|city|street)$/.test(name)),
  );
}

function discountsOf(charge: { discounts: Order['lines'][number]['discounts'] }): string {
  return sumAmounts(charge.discounts.map(({ amount }) => amount));
}
