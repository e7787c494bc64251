import { type Tender, tender } from '#contracts/v1/store.ts';
import { storeTakings } from '#app/queries/stores.ts';
import type { AppContext } from '#app/server/context.ts';

/** What the stores of one company took, by whose sales they are. */
export interface TakingsLine {
  company: string;
  ownership: string;
  currency: string;
  stores: number;
  /** Returns taken off. */
  amounts: Partial<Record<Tender, string>>;
}

/** A business date is a store's own: its day may have begun before that of Greenwich. */
const dayBefore = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString();

/** What stores took on one business date, by company, ownership and tender; of the days that reconciled. */
export async function presentTakings(context: AppContext, date: string): Promise<TakingsLine[]> {
  const rows = await context.read(storeTakings, { date, since: dayBefore(date), tenders: [...tender.options] });
  const names = new Map(context.estate.legal_entities.map(({ id, name }) => [id, name]));
  const lines = new Map<string, TakingsLine>();
  for (const { legal_entity, ownership, money, tender: paid, stores, amount } of rows) {
    const key = `${legal_entity} ${ownership} ${money}`;
    const company = names.get(legal_entity) ?? legal_entity;
    const line = lines.get(key) ?? { company, ownership, currency: money, stores, amounts: {} };
    lines.set(key, { ...line, amounts: { ...line.amounts, [paid]: amount } });
  }
  return [...lines.values()];
}
