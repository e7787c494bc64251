import type { Span } from './history-sql.ts';

const CASES_PER_DAY = 60;
const dayMs = 86_400_000;

/** Cases of forty causes; what is older than two days is resolved. */
export function casesInto({ from, to, until }: Span): string {
  const count = Math.round(((to - from) / dayMs) * CASES_PER_DAY);
  const text = (ms: string) =>
    `concat(formatDateTime(fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC'), '%Y-%m-%dT%H:%i:%S', 'UTC'), '.000Z')`;
  const closed = `opened < ${until - 2 * dayMs}`;
  return `
    INSERT INTO cases_landing (event_id, type, at, actor, note, detail, writer, state, stream_seq, shard)
    SELECT concat(id, ':', toString(n)), if(n = 1, 'opened', 'resolved'), fromUnixTimestamp64Milli(toInt64(opened + n * 60000), 'UTC'),
      'engine', '', map(), 'engine-1',
      toJSONString(CAST((id, n, if(n = 1, 'open', 'resolved'), 'order_to_cash', concat('shopify-us==', toString(number)), hex(MD5(id)), concat('#', toString(number)),
        'erp_create_sales_order', 'netsuite', 'web-us', 'us-retail', concat('cause-', toString(number % 40)),
        [CAST(('mapping', 'TAX', '$.tax_lines[0].code', concat('tax code TX-', toString(number % 40), ' is not mapped')), 'Tuple(error_class String, error_code String, path String, message String)')],
        '120.50', 'USD', ${text('opened + 300000')}, 'live', '', 1, ${text('opened')}, ${text('opened + n * 60000')}, if(n = 1, '', ${text('opened + n * 60000')})),
        'Tuple(case_id String, revision UInt32, status String, flow String, key String, trace_id String, business_key String, step String, system String, channel String, legal_entity String, fingerprint String, problems Array(Tuple(error_class String, error_code String, path String, message String)), amount String, currency String, deadline String, origin String, assignee String, payload_version UInt32, opened_at String, updated_at String, closed_at String)')),
      number * 2 + n, 0
    FROM (
      SELECT number, toInt64(${from} + number * ${dayMs / CASES_PER_DAY}) AS opened, concat('case-', toString(opened)) AS id
      FROM numbers(${count}))
    ARRAY JOIN [1, 2] AS n
    WHERE opened < ${until} AND (n = 1 OR ${closed})`;
}
