/** Questions to begin with, which run as they are. */
export const exampleQueries: readonly { name: string; sql: string }[] = [
  {
    name: 'Orders an hour and how long they took to the ERP',
    sql: `SELECT
  toStartOfHour(at) AS hour,
  count() AS orders,
  round(quantile(0.5)(latency_ms) / 1000, 1) AS median_s,
  round(quantile(0.95)(latency_ms) / 1000, 1) AS p95_s
FROM completions
WHERE flow = 'order_to_cash' AND step = 'erp_create_sales_order'
  AND at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}
GROUP BY hour
ORDER BY hour`,
  },
  {
    name: 'Which step fails where, and with what code',
    sql: `SELECT system, step, error_code, count() AS failures, uniqExact(key) AS transactions
FROM steps
WHERE status IN ('failed', 'retrying', 'quarantined')
  AND at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}
GROUP BY system, step, error_code
ORDER BY failures DESC
LIMIT 50`,
  },
  {
    name: 'Open orders by where they stand, with their money',
    sql: `SELECT lifecycle, currency, count() AS orders, sum(amount) AS value, min(occurred_at) AS oldest
FROM transactions
WHERE flow = 'order_to_cash' AND is_open
  AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
GROUP BY lifecycle, currency
ORDER BY orders DESC`,
  },
  {
    name: 'Failed postings by legal entity',
    sql: `SELECT legal_entity, document,
  count() AS attempted,
  countIf(attempt_failed) AS failed,
  round(100 * failed / attempted, 2) AS failed_percent
FROM postings
WHERE last_at >= {from:DateTime64(3)} AND last_at < {to:DateTime64(3)}
  AND status != 'skipped' AND origin != 'backfill'
GROUP BY legal_entity, document
ORDER BY failed DESC`,
  },
  {
    name: 'What was tried to post, hour by hour, and what failed',
    sql: `SELECT
  toStartOfHour(at) AS hour,
  system,
  document,
  uniqExactIf(posting_key, status = 'completed') AS posted,
  countIf(status IN ('retrying', 'failed', 'quarantined')) AS failures,
  uniqExactIf(posting_key, status IN ('failed', 'quarantined')) AS failed
FROM posting_attempts
WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} AND origin != 'backfill'
GROUP BY hour, system, document
ORDER BY hour, failures DESC`,
  },
  {
    name: 'Stock that a channel was told wrongly or late',
    sql: `SELECT p.sku, p.location, c.channel, p.sellable, c.quantity AS told, p.changed_at, c.confirmed_at
FROM inventory_positions AS p
INNER JOIN publications AS c ON c.sku = p.sku AND c.location = p.location
WHERE has(p.behind, c.channel) AND p.version > c.version
ORDER BY p.changed_at
LIMIT 200`,
  },
  {
    name: 'Events a minute by system',
    sql: `SELECT minute, system, sum(events) AS events
FROM step_minutes
WHERE minute >= {from:DateTime64(3)} AND minute < {to:DateTime64(3)} AND system != ''
GROUP BY minute, system
ORDER BY minute, system`,
  },
];
