/** Milliseconds since 1970: days [from, to), and the moment beyond which nothing has happened yet. */
export interface Span {
  from: number;
  to: number;
  until: number;
}

const ORDERS_PER_DAY = 11_800;
const STORES = 300;
const SKUS = 20_000;
const dayMs = 86_400_000;

const instant = (ms: string) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;

/** One step of a life: offsets in milliseconds from the beginning, as SQL over the order's random number `h`. */
interface Step {
  step: string;
  system: string;
  status?: string;
  direction?: 'inbound' | 'outbound' | 'internal';
  begins: string;
  lasts: string;
  attributes?: string;
}

const isSlow = 'h % 40 = 0';
const sold = `if(${isSlow}, 900000 + h % 600000, 4000 + h % 9000)`;
const released = `(${sold} + 8000 + h % 20000)`;
/** One in a hundred leaves a day after its deadline, and is stuck until then. */
const shipped = `(${released} + if(h % 100 = 1, 260000000, 20000000 + h % 120000000))`;
const delivered = `(${shipped} + 86400000 + h % 172800000)`;
const document = (kind: string) => `'document', '${kind}', 'posting_key', concat('${kind}:', key)`;
const call = (step: string, system: string, begins: string, lasts: string, attributes?: string): Step[] =>
  ['started', 'completed'].map((status) => ({
    step,
    system,
    status,
    direction: 'outbound',
    begins,
    lasts: status === 'started' ? '0' : lasts,
    ...(attributes === undefined ? {} : { attributes }),
  }));

const life: readonly Step[] = [
  {
    step: 'intake_received',
    system: 'shopify-us',
    direction: 'inbound',
    begins: '300',
    lasts: '200 + h % 700',
    attributes: `'ref_external_id', toString(i), 'ref_order_number', business_key`,
  },
  { step: 'canonicalise', system: '', begins: '1200', lasts: '3' },
  {
    step: 'validate',
    system: '',
    begins: '1210',
    lasts: '4',
    attributes: `'tier', 'standard', 'ref_sku', sku, 'ref_customer_email', concat('person', toString(h % 900000), '@example.com')`,
  },
  { step: 'reserve_stock', system: '', begins: '1900', lasts: '8' },
  ...call('acknowledge_channel', 'shopify-us', '2200', '300 + h % 400'),
  ...call('erp_create_sales_order', 'netsuite', `${sold} - 900`, '900', document('sales_order')),
  ...call('wms_release', 'wms-east', `${released} - 500`, '500'),
  {
    step: 'shipment_confirmed',
    system: 'wms-east',
    direction: 'inbound',
    begins: shipped,
    lasts: '20',
    attributes: `'remaining_units', '0', 'ref_tracking_number', concat('1Z', toString(i))`,
  },
  ...call('capture_payment', 'stripe', `${shipped} + 2000`, '450', document('payment')),
  {
    step: 'channel_fulfilment',
    system: 'shopify-us',
    direction: 'outbound',
    begins: `${shipped} + 3000`,
    lasts: '400',
    attributes: `'shipped_at', toString(toDateTime64(fromUnixTimestamp64Milli(placed + ${shipped}, 'UTC'), 3))`,
  },
  { step: 'delivered', system: 'easypost', direction: 'inbound', begins: delivered, lasts: '10' },
  ...call('erp_post_invoice', 'netsuite', `${delivered} + 4000`, '1100', document('invoice')),
  { step: 'settle', system: '', begins: `${delivered} + 6000`, lasts: '2' },
];

/** Milliseconds after the order was placed until which each milestone is due; of what comes after the shipment nothing is. */
const due: readonly (readonly [step: string, ms: number])[] = [
  ['acknowledge_channel', 60_000],
  ['erp_create_sales_order', 360_000],
  ['wms_release', 900_000],
  ['shipment_confirmed', 172_800_000],
];

/** When what follows an event is due, as its offset; 0 where nothing is. */
function dueAfter(steps: readonly Step[], index: number): number {
  const own = steps[index];
  const next = steps.slice(own?.status === 'started' ? index : index + 1).map(({ step }) => step);
  return due.find(([step]) => next.includes(step))?.[1] ?? 0;
}

const tuples = (steps: readonly Step[]) =>
  steps
    .map(
      (one, i) =>
        `(${i + 1}, '${one.step}', '${one.system}', '${one.status ?? 'completed'}', '${one.direction ?? 'internal'}', toInt64(${one.begins}), toInt64(${one.lasts}), map(${one.attributes ?? "'n', ''"}), ${dueAfter(steps, i)})`,
    )
    .join(',\n');

/** Orders of the days, each as far as it has come by `until`. */
export function ordersInto({ from, to, until }: Span): string {
  const first = Math.floor((from / dayMs) * ORDERS_PER_DAY);
  const count = Math.round(((to - from) / dayMs) * ORDERS_PER_DAY);
  return `
    INSERT INTO steps_landing (event_id, ordinal, writer, trace_id, span_id, parent_span_id, flow, key, step, business_key, status,
      attempt, started_at, ended_at, occurred_at, deadline, system, direction, channel, region, legal_entity, brand, location, sku,
      amount, currency, payload_version, origin, attributes, stream_seq, shard)
    SELECT concat(key, ':', toString(s.1)), s.1, 'engine-1', hex(MD5(key)), hex(bitXor(h, s.1)), '', 'order_to_cash', key, s.2,
      business_key, s.4, 1, ${instant('placed + s.6')}, if(s.4 = 'started', NULL, ${instant('placed + s.6 + s.7')}),
      ${instant('placed')}, if(s.9 = 0, NULL, ${instant('placed + s.9')}), s.3, s.5, ['web-us', 'web-eu', 'marketplace'][h % 3 + 1],
      ['us', 'eu', 'us'][h % 3 + 1], ['us-retail', 'eu-retail', 'us-retail'][h % 3 + 1], 'northwind', 'dc-east', '',
      toDecimal128(10 + h % 30000 / 100, 6), ['USD', 'EUR', 'USD'][h % 3 + 1], 1, 'live',
      mapFilter((name, value) -> value != '', s.8), i * 40 + s.1, 0
    FROM (
      SELECT ${first} + number AS i, cityHash64(i) AS h, concat('shopify-us==', toString(i)) AS key, concat('#', toString(i)) AS business_key,
        concat('SKU-', toString(h % ${SKUS})) AS sku,
        toInt64(${from} + number * ${(to - from) / count} + h % 1000) AS placed
      FROM numbers(${count}))
    ARRAY JOIN [${tuples(life)}] AS s
    WHERE placed + s.6 + s.7 <= ${until}`;
}

/** What happened to the stock of each order, and the channels that were told: five events. */
export function stockInto({ from, to, until }: Span): string {
  const first = Math.floor((from / dayMs) * ORDERS_PER_DAY);
  const count = Math.round(((to - from) / dayMs) * ORDERS_PER_DAY);
  const changed = (begins: string, reason: string) =>
    `('stock_changed', '', toInt64(${begins}), '${reason}', 'completed')`;
  const published = (channel: string, begins: string) =>
    `('publish_availability', '${channel}', toInt64(${begins}), '', 'completed')`;
  return `
    INSERT INTO steps_landing (event_id, ordinal, writer, trace_id, span_id, parent_span_id, flow, key, step, business_key, status,
      attempt, started_at, ended_at, occurred_at, deadline, system, direction, channel, region, legal_entity, brand, location, sku,
      amount, currency, payload_version, origin, attributes, stream_seq, shard)
    SELECT concat(key, ':', toString(n)), n, 'engine-1', hex(MD5(key)), hex(bitXor(h, n)), '', 'inventory_sync', key, s.1,
      concat(sku, '@', location), s.5, 1, ${instant('placed + s.3')}, ${instant('placed + s.3 + 300')}, ${instant('placed')},
      ${instant('placed + 60000')}, if(s.2 = '', 'wms-east', 'shopify-us'), if(s.2 = '', 'inbound', 'outbound'), s.2, 'us', 'us-retail',
      'northwind', location, sku, 0, '', 0, 'live',
      map('on_hand', toString(500 + h % 400), 'reserved', toString(h % 9), 'in_transit', '0', 'sellable', toString(480 + h % 400),
        'quantity', toString(480 + h % 400), 'version', toString(i), 'reason', s.4, 'coalesced', '1', 'behind', if(s.2 = '', 'web-us marketplace', ''),
        'ref_sku', sku),
      i * 40 + 20 + n, 0
    FROM (
      SELECT ${first} + number AS i, cityHash64(i) AS h, concat('SKU-', toString(h % ${SKUS})) AS sku,
        ['dc-east', 'dc-west', 'dc-3pl'][intDiv(h, 7) % 3 + 1] AS location, concat(sku, '@', location, '==', toString(i)) AS key,
        toInt64(${from} + number * ${(to - from) / count} + h % 1000) AS placed
      FROM numbers(${count}))
    ARRAY JOIN [${[changed('1900', 'reserved'), published('web-us', '4000'), published('marketplace', '5000'), changed('90000000', 'shipped'), published('web-us', '90003000')].join(', ')}] AS s,
      arrayEnumerate([1, 2, 3, 4, 5]) AS n
    WHERE placed + s.3 + 300 <= ${until}`;
}

/** Batches of every store, its takings and its journal. */
export function storesInto({ from, to, until }: Span): string {
  const count = Math.round(((to - from) / dayMs) * STORES);
  const batches = 24;
  return `
    INSERT INTO steps_landing (event_id, ordinal, writer, trace_id, span_id, parent_span_id, flow, key, step, business_key, status,
      attempt, started_at, ended_at, occurred_at, deadline, system, direction, channel, region, legal_entity, brand, location, sku,
      amount, currency, payload_version, origin, attributes, stream_seq, shard)
    SELECT concat(key, ':', toString(n)), n, 'engine-1', hex(MD5(key)), hex(bitXor(cityHash64(key), n)), '', 'store_settlement', key,
      multiIf(n <= ${batches}, 'batch_received', n = ${batches + 1}, 'reconcile_takings', 'erp_post_journal'), key, 'completed', 1,
      ${instant('opened + n * 3000000')}, ${instant('opened + n * 3000000 + 200')}, ${instant('opened')}, NULL,
      if(n > ${batches}, 'netsuite', 'store-batches'), if(n > ${batches}, 'outbound', 'inbound'), 'stores', 'us', 'us-retail', 'northwind', store, '',
      if(n > ${batches}, toDecimal128(9000, 6), toDecimal128(0, 6)), if(n > ${batches}, 'USD', ''), 0, 'live',
      mapFilter((name, value) -> value != '', map('business_date', toString(toDate(fromUnixTimestamp64Milli(opened, 'UTC'))), 'sequence', toString(n), 'transactions', '31', 'backlog', '0',
        'takings', if(n = ${batches + 1}, '9000', ''), 'takings_card', if(n = ${batches + 1}, '6000', ''), 'takings_cash', if(n = ${batches + 1}, '3000', ''),
        'document', if(n = ${batches + 2}, 'journal', ''), 'posting_key', if(n = ${batches + 2}, concat('journal:', key), ''))),
      toUInt64(${Math.floor(from / 1000)}) * 10000 + number * 40 + n, 0
    FROM (
      SELECT number, concat('store-', leftPad(toString(number % ${STORES} + 1), 3, '0')) AS store,
        toInt64(${from}) + intDiv(number, ${STORES}) * ${dayMs} AS opened,
        concat(store, '==', toString(toDate(fromUnixTimestamp64Milli(opened, 'UTC')))) AS key
      FROM numbers(${count}))
    ARRAY JOIN range(1, ${batches + 3}) AS n
    WHERE opened + n * 3000000 + 200 <= ${until}`;
}
