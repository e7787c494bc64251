import type { Viewer } from '#app/auth/viewer.ts';
import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { problemWords, readOrderFilter } from '#app/orders/filters.ts';
import { sortPastedValues, valuesSought } from '#app/orders/pasted-values.ts';
import { orderPageSize } from '#app/orders/paths.ts';
import { maskText } from '#app/payloads/mask.ts';
import {
  orderCount,
  orderList,
  orderProblems,
  orderSorts,
  termsFound,
  type OrderRow,
  type OrderSort,
} from '#app/queries/order-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { readTimeRange } from '#app/time-range.ts';
import { lifecycleWords } from '#app/words/lifecycle.ts';
import { estateNames, inWords, systemName, type EstateNames } from '#app/words/names.ts';
import { statusOf, stepLabel } from '#app/words/steps.ts';
import { lifecycle } from '#contracts/v1/order.ts';

/** One row of the order list, ready to be shown. Times are RFC 3339 UTC; latencies milliseconds, null while they wait. */
export interface OrderListItem {
  key: string;
  number: string;
  placedAt: string;
  channel: string;
  entity: string;
  tier: string;
  amount: string;
  currency: string;
  lifecycle: OrderRow['lifecycle'];
  /** "Sales order created at NetSuite: failed, tried again" */
  doing: string;
  message: string;
  /** Empty once nothing is due any more. */
  deadline: string;
  retryAt: string;
  lastAt: string;
  open: boolean;
  caseId: string;
  syncMs: number | null;
  releaseMs: number | null;
}

export function presentOrderRow(row: OrderRow, names: EstateNames): OrderListItem {
  const at = row.system === '' ? '' : ` at ${systemName(names, row.system)}`;
  return {
    key: row.key,
    number: row.business_key,
    placedAt: row.occurred_at,
    channel: names.channels[row.channel]?.name ?? row.channel,
    entity: names.entities[row.legal_entity] ?? row.legal_entity,
    tier: row.tier,
    amount: row.amount,
    currency: row.currency,
    lifecycle: row.lifecycle,
    doing: `${stepLabel(row.step)}${at}: ${statusOf(row.status).word}`,
    message: inWords(maskText(row.error_message), names),
    deadline: row.is_open ? row.deadline : '',
    retryAt: row.status === 'retrying' ? row.retry_at : '',
    lastAt: row.last_at,
    open: row.is_open,
    caseId: row.open_case,
    syncMs: row.erp_ms,
    releaseMs: row.released_ms,
  };
}

interface OrderListRequest {
  search: URLSearchParams;
  viewer: Viewer;
}

/** The filter and the query behind a list's address; the export uses the very same. */
export function orderListQuestion({ search, viewer }: OrderListRequest, context: AppContext) {
  const filter = readOrderFilter(search, context.estate, viewer.roles, context.now());
  const address = readListAddress(search, orderSorts, { id: 'placed', descending: true });
  const sort = orderSorts.find((one) => one === address.sort?.id) ?? 'placed';
  const searched = filter.terms.length > 0;
  return {
    filter,
    page: address.page,
    searched,
    query: orderList({ searched, sort: sort satisfies OrderSort, descending: address.sort?.descending ?? true }),
  };
}

export async function presentOrderList(context: AppContext, request: OrderListRequest) {
  const { filter, page, searched, query } = orderListQuestion(request, context);
  const names = estateNames(context.estate);
  const typed = request.search.get('q') ?? '';
  const several = valuesSought(typed).length > 1;
  const [rows, [count], found] = await Promise.all([
    context.read(query, { ...filter, limit: orderPageSize, offset: (page - 1) * orderPageSize }),
    context.read(orderCount({ searched }), filter),
    several ? context.read(termsFound, filter) : [],
  ]);
  return {
    items: rows.map((row) => presentOrderRow(row, names)),
    page,
    total: count?.orders ?? 0,
    late: count?.late ?? 0,
    withCase: count?.with_case ?? 0,
    searched,
    pasted: sortPastedValues(typed, found),
    accepted: filter.accepted,
    within: searched ? 'all times' : readTimeRange(request.search, context.now()).words,
    chips: orderChips(filter, names),
    options: {
      channels: context.estate.channels.map(({ id, name }) => ({ value: id, label: name })),
      entities: context.estate.legal_entities.map(({ id, name }) => ({ value: id, label: name })),
      lifecycles: lifecycle.options.map((id) => ({ value: id, label: lifecycleWords(id).word })),
      problems: orderProblems.map((id) => ({ value: id, label: problemWords[id] })),
    },
  };
}

function orderChips(filter: ReturnType<typeof readOrderFilter>, names: EstateNames): Chip[] {
  return [
    ...filter.channels.map((value) => ({
      name: 'channel',
      value,
      label: `Channel: ${names.channels[value]?.name ?? value}`,
    })),
    ...filter.lifecycles.map((value) => ({ name: 'lifecycle', value, label: `State: ${lifecycleWords(value).word}` })),
    ...filter.entities.map((value) => ({ name: 'entity', value, label: `Entity: ${names.entities[value] ?? value}` })),
    ...(filter.accepted ? [{ name: 'accepted', value: '1', label: 'Accepted in this time, without backfill' }] : []),
    ...(filter.problem === '' ? [] : [{ name: 'problem', value: filter.problem, label: problemWords[filter.problem] }]),
  ];
}
