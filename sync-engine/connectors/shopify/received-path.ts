type Path = readonly PropertyKey[];

const orderFields: Record<string, string> = {
  external_id: 'id',
  number: 'name',
  placed_at: 'created_at',
  lines: 'line_items',
  shipping: 'shipping_lines',
  payments: 'financial_status',
};
const lineFields: Record<string, string> = {
  line_id: 'id',
  unit_price: 'price',
  discounts: 'discount_allocations',
  taxes: 'tax_lines',
};
const taxFields: Record<string, string> = { code: 'title', amount: 'price' };
const addressFields: Record<string, string> = {
  line1: 'address1',
  line2: 'address2',
  region_code: 'province_code',
  postal_code: 'zip',
};
const totalFields: Record<string, string> = {
  subtotal: 'total_line_items_price',
  discount: 'total_discounts',
  shipping: 'total_shipping_price_set',
  tax: 'total_tax',
  duties: 'original_total_duties_set',
  tip: 'total_tip_received',
  total: 'total_price',
};

const rename = (names: Record<string, string>, field: PropertyKey): PropertyKey => names[String(field)] ?? field;

/**
 * Where in Shopify's payload a field of the canonical order came from. `lines` and `charges` give the received index of
 * each canonical line and shipping charge.
 */
export function receivedPath(path: Path, lines: readonly number[], charges: readonly number[]): Path {
  const [head, second, field, ...rest] = path;
  if (head === undefined) return [];
  if (head === 'customer')
    return second === 'email' ? ['email'] : ['customer', ...(second === undefined ? [] : ['id'])];
  if (head === 'totals') return second === undefined ? [] : [rename(totalFields, second)];
  if (head === 'billing_address' || head === 'shipping_address')
    return second === undefined ? [head] : [head, rename(addressFields, second)];
  if ((head === 'lines' || head === 'shipping') && typeof second === 'number') {
    const index = (head === 'lines' ? lines : charges)[second] ?? second;
    const within = field === undefined ? [] : [rename(lineFields, field), ...itemPath(field, rest)];
    return [head === 'lines' ? 'line_items' : 'shipping_lines', index, ...within];
  }
  return [rename(orderFields, head)];
}

function itemPath(field: PropertyKey, [index, name]: Path): Path {
  if (index === undefined) return [];
  if (name === undefined) return [index];
  return [index, field === 'taxes' ? rename(taxFields, name) : name];
}
