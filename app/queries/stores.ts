import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const taken = `step = 'batch_received' AND status = 'completed'`;
/**
 * Days that were heard of since. All events of a day bear when it began, which may be a month before. They are found by plain
 * columns first: the states of the others are not read.
 */
const since = (column: 'heard_at' | 'last_at') => `(occurred_at, location, key) IN (
      SELECT occurred_at, location, key FROM store_day_states
      WHERE occurred_at >= ${instantParam('since')} - INTERVAL 31 DAY AND ${column} >= ${instantParam('since')})`;

/**
 * Where every store stands: its last batch, and what it still kept then. A batch that came again counts for when it was
 * heard of, not for its number.
 */
export const storeTransmissions = defineQuery({
  name: 'store_transmissions',
  sql: `
    SELECT location AS store, max(heard_at) AS last_at, max(days.sequence) AS sequence,
      argMax(backlog, taken_at) AS backlog, toUInt32(sum(length(repeats))) AS repeated
    FROM store_days AS days
    WHERE ${since('heard_at')}
    GROUP BY store`,
  params: z.object({ since: instant }),
  row: z.object({
    store: z.string(),
    last_at: z.string(),
    sequence: z.number(),
    backlog: z.number(),
    repeated: z.number(),
  }),
});

/** Days of stores, the newest first: what was taken and where each stands. An empty `store` means every store. */
export const storeDays = defineQuery({
  name: 'store_days',
  sql: `
    SELECT key, location AS store, business_date, currency AS money, toUInt32(length(batches)) AS batches,
      toUInt32(arraySum(arrayMap(one -> bitAnd(one, 4294967295), days.batches))) AS receipts,
      latest.step AS last_step, latest.status AS last_status, latest.case_id AS last_case, takings, tax, document, skipped
    FROM store_days AS days
    WHERE ({store:String} = '' OR location = {store:String}) AND ${since('last_at')}
    ORDER BY business_date DESC, store
    LIMIT {limit:UInt32}`,
  params: z.object({ store: z.string(), since: instant, limit: z.int().positive() }),
  row: z.object({
    key: z.string(),
    store: z.string(),
    business_date: z.string(),
    money: z.string(),
    batches: z.number(),
    receipts: z.number(),
    last_step: z.string(),
    last_status: z.string(),
    last_case: z.string(),
    takings: z.string(),
    tax: z.string(),
    document: z.string(),
    skipped: z.string(),
  }),
});
export type StoreDayRow = z.output<typeof storeDays.row>;

/** What stores took on one business date, by company, whose sales they are, currency and tender; of days that reconciled. */
export const storeTakings = defineQuery({
  name: 'store_takings',
  sql: `
    SELECT legal_entity, ownership, currency AS money, tender, count() AS stores,
      toString(sum(toDecimal64OrZero(figures[concat('takings_', tender)], 4))) AS amount
    FROM (
      SELECT key, any(legal_entity) AS legal_entity, any(currency) AS currency, argMax(attributes, ordinal) AS figures,
        figures['ownership'] AS ownership
      FROM steps
      WHERE flow = 'store_settlement' AND step = 'reconcile_takings' AND status = 'completed'
        AND at >= ${instantParam('since')} AND attributes['business_date'] = {date:String}
      GROUP BY key
    )
    ARRAY JOIN {tenders:Array(String)} AS tender
    GROUP BY legal_entity, ownership, money, tender
    ORDER BY legal_entity, ownership, money, tender`,
  params: z.object({ since: instant, date: z.string(), tenders: z.array(z.string()) }),
  row: z.object({
    legal_entity: z.string(),
    ownership: z.string(),
    money: z.string(),
    tender: z.string(),
    stores: z.number(),
    amount: z.string(),
  }),
});

/** The newest batches of one store. */
export const storeBatches = defineQuery({
  name: 'store_batches',
  sql: `
    SELECT event_id, any(attributes['business_date']) AS business_date, any(s.at) AS taken_at,
      any(attributes['generated_at']) AS generated_at, any(toUInt32OrZero(attributes['sequence'])) AS sequence,
      any(toUInt32OrZero(attributes['transactions'])) AS receipts, any(toUInt32OrZero(attributes['backlog'])) AS backlog,
      any(attributes['end_of_day'] = 'true') AS ends_day
    FROM steps AS s
    WHERE flow = 'store_settlement' AND location = {store:String} AND ${taken} AND s.at >= ${instantParam('since')}
    GROUP BY event_id
    ORDER BY sequence DESC
    LIMIT {limit:UInt32}`,
  params: z.object({ store: z.string(), since: instant, limit: z.int().positive() }),
  row: z.object({
    event_id: z.string(),
    business_date: z.string(),
    taken_at: z.string(),
    generated_at: z.string(),
    sequence: z.number(),
    receipts: z.number(),
    backlog: z.number(),
    ends_day: z.union([z.boolean(), z.number()]).transform(Boolean),
  }),
});
