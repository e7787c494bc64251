import type { ClickHouse } from '#platform/clickhouse/client.ts';

type Addresses = Record<string, (round: number) => string>;

const data = (path: string, search = '') => `${path === '/' ? '/_root' : path}.data${search}`;

/** The pages that stand on walls and desks, as they are opened: what a navigation asks of all loaders. */
export const standingPages: Addresses = {
  live: () => data('/'),
  'live, 24 h': () => data('/', '?range=24h'),
  orders: () => data('/orders'),
  'orders, 24 h': () => data('/orders', '?range=24h'),
  'orders, stuck': () => data('/orders', '?problem=stuck&range=24h'),
  inventory: () => data('/inventory'),
  'inventory, 24 h': () => data('/inventory', '?range=24h'),
  transactions: () => data('/transactions'),
  'transactions, 24 h': () => data('/transactions', '?range=24h'),
  'transactions, funnel': () => data('/transactions', '?show=funnel'),
  returns: () => data('/returns'),
  stores: () => data('/stores'),
  quarantine: () => data('/quarantine'),
  postings: () => data('/postings'),
  'postings, 24 h': () => data('/postings', '?range=24h'),
  reconciliation: () => data('/reconciliation'),
  connectors: () => data('/connectors'),
};

/** One order by each identifier that people know it by, and its page. */
export async function lookUps(clickhouse: ClickHouse): Promise<Addresses> {
  const rows = await clickhouse.query(
    `SELECT key, groupUniqArray((kind, value)) AS references FROM transaction_references
     WHERE key IN (SELECT key FROM transaction_states WHERE flow = 'order_to_cash' LIMIT 64) GROUP BY key ORDER BY key LIMIT 40`,
  );
  const orders = rows.map((row) => ({
    key: String(row['key']),
    references: new Map(row['references'] as [string, string][]),
  }));
  const order = (round: number) => {
    const one = orders[(round + orders.length) % orders.length];
    if (one === undefined) throw new Error('The history has no order.');
    return one;
  };
  const sought = (kind: string) => (round: number) =>
    `/search?q=${encodeURIComponent(order(round).references.get(kind) ?? '')}`;
  return {
    'order number': sought('order_number'),
    'external id': sought('external_id'),
    customer: sought('customer_email'),
    'tracking number': sought('tracking_number'),
    'order page': (round) => data(`/orders/${encodeURIComponent(order(round).key)}`),
  };
}
