/** One unit of a SKU at 20.00 USD, already paid, as a marketplace sends it to `POST /v1/orders`. */
export function channelOrder(id: string, item: { sku: string; title: string }): object {
  const at = new Date().toISOString();
  return {
    external_id: id,
    number: id,
    placed_at: at,
    updated_at: at,
    currency: 'USD',
    taxes_included: false,
    customer: { name: 'Test Buyer', email: 'buyer@example.com' },
    shipping_address: {
      name: 'Test Buyer',
      line1: '1 Test Street',
      city: 'Austin',
      region_code: 'TX',
      postal_code: '78701',
      country_code: 'US',
    },
    lines: [{ line_id: '1', sku: item.sku, title: item.title, quantity: 1, unit_price: '20.00' }],
    payments: [{ gateway: 'card', kind: 'sale', amount: '20.00', reference: 'taken' }],
    totals: {
      subtotal: '20.00',
      discount: '0.00',
      shipping: '0.00',
      tax: '0.00',
      duties: '0.00',
      tip: '0.00',
      total: '20.00',
    },
  };
}
