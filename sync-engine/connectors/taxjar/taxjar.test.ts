import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { systemOf } from '#tests/fixtures/estate.ts';
import { taxjarServices } from './client.ts';

const { quote_tax } = taxjarServices(systemOf('taxjar', { from_country: 'US', from_zip: '18101' }));
const order = canonicalOrder();
const call = quote_tax.prepare({ order });

describe('a tax quote', () => {
  test('is asked for goods after discounts and for shipping, exactly', () => {
    expect(call.body).toContain('"amount":128.99,"shipping":5.00');
    expect(JSON.parse(call.body)).toMatchObject({
      from_country: 'US',
      from_zip: '18101',
      to_country: 'US',
      to_zip: '12207',
      to_state: 'NY',
      line_items: [{ id: '11', quantity: 2, unit_price: 30, discount: 6 }, { id: '12' }, { id: '13' }],
    });
  });
  test('goes by the billing address where nothing is shipped, and needs one of them', () => {
    const { shipping_address: _, ...digital } = order;
    expect(JSON.parse(quote_tax.prepare({ order: digital }).body)).toMatchObject({ to_country: 'US' });
    const { billing_address: __, ...nowhere } = digital;
    expect(() => quote_tax.prepare({ order: nowhere })).toThrow(/without an address/);
  });
  test('is read to the cent, whatever the digits of the answer', () => {
    const body = '{"tax":{"amount_to_collect":1.1,"rate":0.0725}}';
    expect(quote_tax.read({ status: 200, headers: {}, body }, { order }, call)).toEqual({
      amountToCollect: '1.10',
      rate: '0.0725',
    });
  });
  test('that is refused carries TaxJar’s words', () => {
    const body = '{"status":"400","error":"Bad Request","detail":"to_zip 99 is not valid"}';
    expect(() => quote_tax.read({ status: 400, headers: {}, body }, { order }, call)).toThrow('to_zip 99 is not valid');
  });
});
