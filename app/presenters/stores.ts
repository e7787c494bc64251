import type { Location } from '#contracts/v1/estate.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { storeBatches, type StoreDayRow, storeDays, storeTransmissions } from '#app/queries/stores.ts';
import type { AppContext } from '#app/server/context.ts';
import { isAskedFor, storeFilters } from './store-filter.ts';
import { presentTakings } from './store-takings.ts';

const DAY_MS = 86_400_000;
/** A store is looked for this far back. */
export const SINCE_MS = 14 * DAY_MS;
const MOST_DAYS = 10_000;
const MOST_BATCHES = 200;

/** A store's day in words. */
export function presentDay(row: StoreDayRow) {
  return {
    key: row.key,
    date: row.business_date,
    batches: row.batches,
    receipts: row.receipts,
    takings: row.takings,
    tax: row.tax,
    currency: row.money,
    document: row.document,
    caseId: row.last_status === 'quarantined' ? row.last_case : '',
    closed: row.last_step === 'close_day',
    ...dayState(row),
  };
}
export type StoreDayView = ReturnType<typeof presentDay>;

function dayState(row: StoreDayRow): { condition: Condition; word: string; note: string } {
  if (row.last_status === 'quarantined') return { condition: 'bad', word: 'in quarantine', note: '' };
  if (row.last_status === 'retrying' || row.last_status === 'failed')
    return { condition: 'warn', word: 'tried again', note: 'The ERP did not take the journal yet.' };
  if (row.document !== '') return { condition: 'good', word: 'posted', note: '' };
  if (row.skipped !== '') return { condition: 'none', word: 'nothing to post', note: row.skipped };
  if (row.last_step === 'batch_received' || row.last_step.endsWith('_received'))
    return { condition: 'info', word: 'open', note: 'The day waits for its end.' };
  return { condition: 'info', word: 'being posted', note: '' };
}

/** Is a store heard of as it should be? Pure. @param silentAfterMs that long without a batch is silence. */
export function transmissionState(
  lastAt: string | undefined,
  backlog: number,
  now: number,
  silentAfterMs: number,
): { condition: Condition; word: string } {
  if (lastAt === undefined) return { condition: 'none', word: 'never heard of' };
  if (now - Date.parse(lastAt) > silentAfterMs) return { condition: 'bad', word: 'silent' };
  return backlog > 0 ? { condition: 'warn', word: 'catching up' } : { condition: 'good', word: 'on schedule' };
}

const ownershipOf = ({ store }: Location) => store?.ownership ?? 'owned';
const worstFirst: readonly Condition[] = ['bad', 'warn', 'info', 'good', 'none'];

/** The stores of the estate that are asked for at a glance, those in trouble first; the counts are of all of them. */
export async function presentStores(context: AppContext, search: URLSearchParams) {
  const { estate } = context;
  const companies = new Map(estate.legal_entities.map(({ id, name }) => [id, name]));
  const now = context.now().getTime();
  const since = new Date(now - SINCE_MS).toISOString();
  const [transmissions, rows] = await Promise.all([
    context.read(storeTransmissions, { since }),
    context.read(storeDays, { store: '', since, limit: MOST_DAYS }),
  ]);
  const heard = new Map(transmissions.map((one) => [one.store, one]));
  const days = new Map<string, StoreDayView[]>();
  for (const row of rows) days.set(row.store, [...(days.get(row.store) ?? []), presentDay(row)]);
  const silentAfterMs = estate.policies.store_silent_after_s * 1000;
  const stores = estate.locations
    .filter(({ kind }) => kind === 'store')
    .map((location) => {
      const last = heard.get(location.id);
      const own = days.get(location.id) ?? [];
      // The newest day that was ended, whether its journal is posted or not.
      const settled = own.find((day) => day.closed || day.caseId !== '' || day.condition === 'warn');
      const open = own.find(({ word }) => word === 'open');
      return {
        id: location.id,
        name: location.name,
        ownership: ownershipOf(location),
        company: companies.get(location.legal_entity) ?? location.legal_entity,
        region: location.region,
        lastAt: last?.last_at ?? '',
        sequence: last?.sequence ?? 0,
        backlog: last?.backlog ?? 0,
        ...transmissionState(last?.last_at, last?.backlog ?? 0, now, silentAfterMs),
        ...(settled === undefined ? {} : { settled }),
        ...(open === undefined ? {} : { open }),
        stopped: own.filter(({ caseId }) => caseId !== '').length,
      };
    })
    .sort(
      (a, b) =>
        Number(b.stopped > 0) - Number(a.stopped > 0) ||
        worstFirst.indexOf(a.condition) - worstFirst.indexOf(b.condition) ||
        a.name.localeCompare(b.name),
    );
  // Stores end their days apart: the newest date that any has ended.
  const date = rows.reduce(
    (newest, row) => (row.takings !== '' && row.business_date > newest ? row.business_date : newest),
    '',
  );
  const count = (condition: Condition) => stores.filter((store) => store.condition === condition).length;
  return {
    stores: stores.filter((store) => isAskedFor(store, search)),
    options: storeFilters(stores),
    all: stores.length,
    takings: { date, lines: date === '' ? [] : await presentTakings(context, date) },
    silent: count('bad'),
    catchingUp: count('warn'),
    unheard: count('none'),
    stopped: stores.reduce((sum, { stopped }) => sum + stopped, 0),
    silentAfterMs,
  };
}
export type StoreListView = Awaited<ReturnType<typeof presentStores>>;
export type StoreLine = StoreListView['stores'][number];

/** One store: its days and its newest batches. @throws Response 404 where the estate has no such store */
export async function presentStore(context: AppContext, id: string) {
  const location = context.estate.locations.find((one) => one.id === id && one.kind === 'store');
  if (location === undefined) throw new Response('There is no such store.', { status: 404 });
  const now = context.now().getTime();
  const since = new Date(now - SINCE_MS).toISOString();
  const [days, batches] = await Promise.all([
    context.read(storeDays, { store: id, since, limit: 100 }),
    context.read(storeBatches, { store: id, since, limit: MOST_BATCHES }),
  ]);
  return {
    id,
    name: location.name,
    ownership: ownershipOf(location),
    entity: context.estate.legal_entities.find((one) => one.id === location.legal_entity)?.name ?? '',
    days: days.map(presentDay),
    batches: batches.map((row) => ({
      id: row.event_id,
      sequence: row.sequence,
      date: row.business_date,
      generatedAt: row.generated_at,
      takenAt: row.taken_at,
      receipts: row.receipts,
      backlog: row.backlog,
      endsDay: row.ends_day,
    })),
  };
}
export type StoreView = Awaited<ReturnType<typeof presentStore>>;
