import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { casePath } from '#app/orders/paths.ts';
import { maskText } from '#app/payloads/mask.ts';
import { readPostingFilter } from '#app/postings/filters.ts';
import { postingPageSize } from '#app/postings/paths.ts';
import { postingFailures } from '#app/queries/posting-failures.ts';
import { postingStandings } from '#app/queries/posting-filter.ts';
import {
  postingCauses,
  postingCount,
  postingList,
  type PostingRow,
  postingSorts,
  postingsPrevented,
  postingSummary,
} from '#app/queries/postings.ts';
import type { AppContext } from '#app/server/context.ts';
import { periodBefore, rangeSearch, readTimeRange } from '#app/time-range.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { type EstateNames, estateNames, inWords, systemName } from '#app/words/names.ts';
import { documentName, documentWords, postingState, standingWords } from '#app/words/postings.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { readCauseTitles } from './cause-titles.ts';
import { presentPostingCause, type PostingCause } from './posting-causes.ts';
import { summarise } from './posting-summary.ts';
import { postingTiles } from './posting-tiles.ts';

const CAUSES_SHOWN = 20;

/** A posting as lists show it. Pure. */
export function presentPosting(row: PostingRow, names: EstateNames) {
  const failed = row.state === 'failed' || row.state === 'retrying';
  return {
    postingKey: row.posting_key,
    document: documentName(row.document),
    documentNumber: row.document_number,
    system: systemName(names, row.system),
    entity: names.entities[row.legal_entity] ?? row.legal_entity,
    number: row.business_key,
    path: transactionPath(row.flow, row.key),
    casePath: row.case_id !== '' && failed ? casePath(row.case_id) : '',
    ...postingState(row.state),
    attempts: row.attempts,
    amount: row.currency === '' ? '' : row.amount,
    currency: row.currency,
    errorCode: failed ? row.error_code || row.error_class : '',
    error: failed ? inWords(maskText(row.error_message), names) : '',
    postedAt: row.state === 'posted' ? row.last_at : '',
    lastAt: row.last_at,
    retryAt: row.state === 'retrying' ? row.retry_at : '',
  };
}
export type PostingLine = ReturnType<typeof presentPosting>;

/** The filter and the query behind a list's address; the export uses the very same. */
export function postingQuestion(search: URLSearchParams, now: Date) {
  const filter = readPostingFilter(search, now);
  const address = readListAddress(search, postingSorts, { id: 'last', descending: true });
  const sort = postingSorts.find((one) => one === address.sort?.id) ?? 'last';
  return { filter, page: address.page, query: postingList(sort, address.sort?.descending ?? true) };
}

/** What was posted within the window, what failed and why, and the postings that the address asks for. */
export async function presentPostings(context: AppContext, search: URLSearchParams) {
  const { estate, read } = context;
  const now = context.now();
  const { filter, page, query } = postingQuestion(search, now);
  const range = readTimeRange(search, now);
  const { from, to } = range;
  const [rows, [count], groups, prevented, causes, [figures]] = await Promise.all([
    read(query, { ...filter, limit: postingPageSize, offset: (page - 1) * postingPageSize }),
    read(postingCount, filter),
    read(postingSummary, { from, to }),
    read(postingsPrevented, { from, to }),
    read(postingCauses, { from, to, limit: CAUSES_SHOWN }),
    read(postingFailures, { before: periodBefore(range).from, from, to }),
  ]);
  const names = estateNames(estate);
  const titles = await readCauseTitles(
    context,
    causes.flatMap(({ fingerprint }) => (fingerprint === '' ? [] : [fingerprint])),
    names,
  );
  const described = causes.map((cause) => presentPostingCause(cause, titles, names));
  const summary = summarise(groups, prevented, names);
  const figure = figures ?? { postings: 0, failed: 0, postings_before: 0, failed_before: 0 };
  return {
    postings: rows.map((row) => presentPosting(row, names)),
    page,
    total: count?.postings ?? 0,
    /** The part of the address that every link on the page keeps. */
    range: rangeSearch(search),
    within: range.words,
    final: range.id === 'custom',
    summary,
    causes: described,
    /** Failed postings of causes that are not shown. */
    otherFailed: figure.failed - causes.reduce((sum, { failed }) => sum + failed, 0),
    tiles: postingTiles({ figure, groups, prevented, rangeSearch: rangeSearch(search) }),
    filtered: ['state', 'system', 'entity', 'document', 'cause', 'prevented', 'q'].some((name) => search.has(name)),
    chips: chipsOf(filter, described, names),
    options: optionsOf(estate),
  };
}
export type PostingsView = Awaited<ReturnType<typeof presentPostings>>;

const optionsOf = (estate: Estate) => ({
  states: postingStandings.map((value) => ({ value, label: standingWords[value] })),
  systems: estate.systems
    .filter(({ role }) => ['erp', 'channel', 'payment'].includes(role))
    .map(({ id, name }) => ({ value: id, label: name })),
  entities: estate.legal_entities.map(({ id, name }) => ({ value: id, label: name })),
  documents: Object.entries(documentWords).map(([value, label]) => ({ value, label })),
});

function chipsOf(
  filter: ReturnType<typeof readPostingFilter>,
  causes: readonly PostingCause[],
  names: EstateNames,
): Chip[] {
  const chips = (name: string, values: readonly string[], label: (value: string) => string): Chip[] =>
    values.map((value) => ({ name, value, label: label(value) }));
  const titleOf = (cause: string) => causes.find(({ id }) => id === cause)?.title ?? cause;
  return [
    ...filter.standings.map((value) => ({ name: 'state', value, label: standingWords[value] })),
    ...chips('system', filter.systems, (value) => `System: ${systemName(names, value)}`),
    ...chips('entity', filter.entities, (value) => `Entity: ${(names.entities[value] ?? value) || 'none'}`),
    ...chips('document', filter.documents, (value) => `Document: ${documentName(value)}`),
    ...(filter.cause === '' ? [] : [{ name: 'cause', value: filter.cause, label: `Cause: ${titleOf(filter.cause)}` }]),
    ...(filter.prevented ? [{ name: 'prevented', value: '1', label: 'Duplicates prevented' }] : []),
  ];
}
