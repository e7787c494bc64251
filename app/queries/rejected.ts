import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

/** How a rejected event came: on a stream that ingest lands, or as a span, which never was on one. */
export const rejectedStreams = [
  streams.steps,
  'OTLP',
  streams.cases,
  streams.repairs,
  streams.deliveries,
  streams.reconciliation,
  streams.audit,
] as const;

export const rejectedSorts = ['arrived', 'position', 'stream', 'producer', 'field', 'reason'] as const;
export type RejectedSort = (typeof rejectedSorts)[number];

const sortColumns: Record<RejectedSort, string> = {
  arrived: 'arrived_at',
  position: 'stream_seq',
  stream: 'stream',
  producer: 'producer',
  field: 'path',
  reason: 'reason',
};

/**
 * What was rejected as it may be shown: reasons of former versions quoted the text after a colon, and a field's name may hold
 * an address. `producer` is the writer that an event names, or the client whose key a span came with; `mark` is what an
 * event has apart from all others, since a stream that is made anew counts from 1 again.
 */
const rejected = `(
  SELECT arrived_at, stream, stream_seq, subject, producer, mark, raw, landed_at,
    replaceRegexpAll(r.path, '[\\\\w.+-]+@[\\\\w-]+(\\\\.[\\\\w-]+)+', '‹hidden›') AS path,
    replaceRegexpOne(r.reason, '(?s)^(is not JSON|ClickHouse cannot read it): .*$', '\\\\1') AS reason
  FROM rejected_steps AS r)`;
/** A reason without what differs from event to event. */
const why = `replaceRegexpAll(replaceRegexpOne(reason, '(?s): .*$', ''), '"[^"]*"|subject \\\\S+|line \\\\d+|\\\\d+', '…')`;

const within = `arrived_at >= ${instantParam('from')} AND arrived_at < ${instantParam('to')}`;
const window = { from: instant, to: instant };

const filter = {
  ...window,
  /** Empty for all; so are the others. */
  streams: z.array(z.enum(rejectedStreams)),
  /** JSON Pointers of fields; an empty one is the event as a whole. */
  fields: z.array(z.string()),
  /** A reason as the groups name it. */
  why: z.string(),
  /** Part of a subject, a producer or a reason, in lower case. */
  text: z.string(),
};
type Filter = z.output<z.ZodObject<typeof filter>>;

function conditions({ streams: asked, fields, why: reason, text }: Filter): string {
  const all: readonly (readonly [boolean, string])[] = [
    [true, within],
    [asked.length > 0, 'has({streams:Array(String)}, stream)'],
    [fields.length > 0, 'has({fields:Array(String)}, path)'],
    [reason !== '', `${why} = {why:String}`],
    [
      text !== '',
      `(position(lowerUTF8(subject), {text:String}) > 0 OR position(lowerUTF8(reason), {text:String}) > 0
        OR position(lowerUTF8(producer), {text:String}) > 0)`,
    ],
  ];
  return all.flatMap(([is, condition]) => (is ? [condition] : [])).join(' AND ');
}

const row = z.object({
  arrived_at: z.string(),
  stream: z.string(),
  stream_seq: z.number(),
  subject: z.string(),
  producer: z.string(),
  path: z.string(),
  reason: z.string(),
  mark: z.string(),
});
export type RejectedRow = z.output<typeof row>;

const columns = `arrived_at, stream, stream_seq, subject, producer, path, reason, mark`;

/** Rejected events of the window, filtered, sorted and paged by ClickHouse. */
export function rejectedList(sort: RejectedSort, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  return defineQuery({
    name: `rejected_list:${sort}:${direction}`,
    sql: (asked) => `
      SELECT ${columns} FROM ${rejected} WHERE ${conditions(asked)}
      ORDER BY ${sortColumns[sort]} ${direction}, arrived_at ${direction}, stream ${direction}, stream_seq ${direction},
        mark ${direction}
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params: z.object({ ...filter, limit: z.int().positive(), offset: z.int() }),
    row,
  });
}

/** How many the same filters leave. */
export const rejectedCount = defineQuery({
  name: 'rejected_count',
  sql: (asked) => `SELECT count() AS events FROM ${rejected} WHERE ${conditions(asked)}`,
  params: z.object(filter),
  row: z.object({ events: z.number() }),
});

/** Why events of the window were rejected, the most frequent reason first; `reasons` says how many there are in all. */
export const rejectedReasons = defineQuery({
  name: 'rejected_reasons',
  sql: `
    SELECT stream, path, ${why} AS why, count() AS events, max(arrived_at) AS latest_at, count() OVER () AS reasons
    FROM ${rejected} WHERE ${within}
    GROUP BY stream, path, why ORDER BY events DESC, latest_at DESC, stream, path, why LIMIT {limit:UInt32}`,
  params: z.object({ ...window, limit: z.int().positive() }),
  row: z.object({
    stream: z.string(),
    path: z.string(),
    why: z.string(),
    events: z.number(),
    latest_at: z.string(),
    reasons: z.number(),
  }),
});
export type RejectedReasonRow = z.output<typeof rejectedReasons.row>;

/** One rejected event with its text, by when it arrived and its mark. */
export const rejectedEvent = defineQuery({
  name: 'rejected_event',
  sql: `
    SELECT ${columns}, raw, landed_at FROM ${rejected}
    WHERE arrived_at = ${instantParam('arrived_at')} AND mark = {mark:String} LIMIT 1`,
  params: z.object({ arrived_at: instant, mark: z.string() }),
  row: row.extend({ raw: z.string(), landed_at: z.string() }),
});
