import type { Chip } from '#app/components/chips.tsx';
import type { Condition } from '#app/components/status-mark.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { maskText } from '#app/payloads/mask.ts';
import { returnCount, returnCounts, returnList, type ReturnRow, returnSorts } from '#app/queries/returns.ts';
import { readReturnFilter } from '#app/returns/filters.ts';
import { returnPageSize } from '#app/returns/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { type EstateNames, estateNames, inWords } from '#app/words/names.ts';
import { stepLabel, stepWait } from '#app/words/steps.ts';

/** A return as lists show it. Pure. */
export function presentReturn(row: ReturnRow, names: EstateNames) {
  return {
    key: row.key,
    number: row.number,
    orderKey: row.order_key,
    orderNumber: row.order_number,
    channel: names.channels[row.channel]?.name ?? row.channel,
    requestedAt: row.occurred_at,
    amount: row.money === '' ? '' : row.amount,
    currency: row.money,
    deadline: row.is_open ? row.deadline : '',
    stuck: row.is_stuck,
    caseId: row.is_open && row.status === 'quarantined' ? row.case_id : '',
    ...stateOf(row, names),
  };
}
export type ReturnLine = ReturnType<typeof presentReturn>;

function stateOf(row: ReturnRow, names: EstateNames): { condition: Condition; word: string; note: string } {
  const message = inWords(maskText(row.error_message), names);
  if (!row.is_open)
    return row.step === 'close'
      ? { condition: 'good', word: 'refunded', note: '' }
      : { condition: 'none', word: row.status === 'skipped' ? 'given up' : 'nothing to do', note: message };
  if (row.status === 'quarantined') return { condition: 'bad', word: 'in quarantine', note: message };
  if (row.status === 'retrying' || row.status === 'failed')
    return { condition: 'warn', word: 'tried again', note: message };
  if (row.step === 'authorise')
    return { condition: row.is_stuck ? 'bad' : 'info', word: `waits for ${stepWait('received', '')}`, note: '' };
  return { condition: row.is_stuck ? 'bad' : 'info', word: stepLabel(row.step), note: '' };
}

/** The filter and the query behind a list's address; the export uses the very same. */
export function returnQuestion(search: URLSearchParams, now: Date) {
  const filter = readReturnFilter(search, now);
  const { page, sort } = readListAddress(search, returnSorts);
  const column = returnSorts.find((one) => one === sort?.id);
  return { filter, page, query: returnList(column, sort?.descending ?? false) };
}

/** The returns that the address asks for, and how many of all are open, late and stopped. */
export async function presentReturns({ estate, read, now }: AppContext, search: URLSearchParams) {
  const { filter, page, query } = returnQuestion(search, now());
  const [rows, [count], [counts]] = await Promise.all([
    read(query, { ...filter, limit: returnPageSize, offset: (page - 1) * returnPageSize }),
    read(returnCount, filter),
    read(returnCounts, { since: filter.since, now: filter.now }),
  ]);
  const names = estateNames(estate);
  const channelName = (id: string) => names.channels[id]?.name ?? id;
  return {
    problem: filter.problem,
    counts: counts ?? { all: 0, open: 0, stuck: 0, stopped: 0 },
    returns: rows.map((row) => presentReturn(row, names)),
    page,
    total: count?.returns ?? 0,
    filtered: ['problem', 'channel', 'q'].some((name) => search.has(name)),
    chips: filter.channels.map((value): Chip => ({ name: 'channel', value, label: `Channel: ${channelName(value)}` })),
    options: { channels: estate.channels.map(({ id, name }) => ({ value: id, label: name })) },
  };
}
export type ReturnsView = Awaited<ReturnType<typeof presentReturns>>;
