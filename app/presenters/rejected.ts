import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { maskText } from '#app/payloads/mask.ts';
import {
  rejectedCount,
  rejectedList,
  rejectedReasons,
  type RejectedReasonRow,
  type RejectedRow,
  rejectedSorts,
  rejectedStreams,
} from '#app/queries/rejected.ts';
import { readRejectedFilter } from '#app/rejected/filters.ts';
import { rejectedEventPath, rejectedPageSize } from '#app/rejected/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { rangeSearch, readTimeRange, type TimeRange } from '#app/time-range.ts';
import { fieldWord, streamWord } from '#app/words/rejected.ts';

const REASONS_SHOWN = 20;

/** A rejected event as lists show it. Pure. */
export function presentRejected(row: RejectedRow) {
  return {
    id: rejectedId(row),
    path: rejectedEventPath(rejectedId(row)),
    arrivedAt: row.arrived_at,
    stream: streamWord(row.stream),
    /** Of a span it is a number within its request, which says nothing. */
    position: row.stream === 'OTLP' ? undefined : row.stream_seq,
    subject: row.stream === 'OTLP' ? '' : row.subject,
    producer: row.producer,
    field: fieldWord(row.path),
    reason: maskText(row.reason),
  };
}
export type RejectedLine = ReturnType<typeof presentRejected>;

/** Names a rejected event in addresses: when it arrived, in ms, and its mark. */
const rejectedId = ({ arrived_at, mark }: RejectedRow): string => `${Date.parse(arrived_at)}-${mark}`;

/** Why events were rejected, as the table above the list shows it. Pure. */
const presentReason = ({ stream, path, why, events, latest_at }: RejectedReasonRow) => ({
  id: `${stream} ${path} ${why}`,
  asked: { stream, field: path, why },
  stream: streamWord(stream),
  field: fieldWord(path),
  reason: maskText(why),
  events,
  latestAt: latest_at,
});
export type RejectedReason = ReturnType<typeof presentReason>;

/** The filter and the query behind a list's address; the export uses the very same. */
export function rejectedQuestion(search: URLSearchParams, now: Date) {
  const filter = readRejectedFilter(search, now);
  const address = readListAddress(search, rejectedSorts, { id: 'arrived', descending: true });
  const sort = rejectedSorts.find((one) => one === address.sort?.id) ?? 'arrived';
  return { filter, page: address.page, query: rejectedList(sort, address.sort?.descending ?? true) };
}

/** What ingest rejected within the window, and why. */
export async function presentRejectedEvents({ read, now: clock }: AppContext, search: URLSearchParams) {
  const now = clock();
  const { filter, page, query } = rejectedQuestion(search, now);
  const range = readTimeRange(search, now);
  const { from, to } = range;
  const [rows, [count], groups] = await Promise.all([
    read(query, { ...filter, limit: rejectedPageSize, offset: (page - 1) * rejectedPageSize }),
    read(rejectedCount, filter),
    read(rejectedReasons, { from, to, limit: REASONS_SHOWN }),
  ]);
  const fields = [...new Set([...groups.map(({ path }) => path), ...filter.fields])].sort();
  return {
    events: rows.map(presentRejected),
    page,
    total: count?.events ?? 0,
    reasons: groups.map(presentReason),
    /** Reasons beyond those. */
    moreReasons: (groups[0]?.reasons ?? 0) - groups.length,
    range: rangeSearch(search),
    within: range.words,
    final: range.id === 'custom',
    filtered: ['stream', 'field', 'why', 'q'].some((name) => search.has(name)),
    chips: chipsOf(filter),
    options: {
      streams: rejectedStreams.map((value) => ({ value, label: streamWord(value) })),
      fields: fields.map((value) => ({ value, label: fieldWord(value) })),
    },
  };
}
export type RejectedView = Awaited<ReturnType<typeof presentRejectedEvents>>;

const chipsOf = (filter: ReturnType<typeof readRejectedFilter>): Chip[] => [
  ...filter.streams.map((value) => ({ name: 'stream', value, label: streamWord(value) })),
  ...filter.fields.map((value) => ({ name: 'field', value, label: `Field: ${fieldWord(value)}` })),
  ...(filter.why === '' ? [] : [{ name: 'why', value: filter.why, label: `Reason: ${maskText(filter.why)}` }]),
];

/** How many events a window rejected, for a line on Live. */
export async function countRejected({ read }: AppContext, { from, to }: TimeRange): Promise<number> {
  const [count] = await read(rejectedCount, { from, to, streams: [], fields: [], why: '', text: '' });
  return count?.events ?? 0;
}
