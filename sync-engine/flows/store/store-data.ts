import { type EndOfDay, storeBatch, type StoreBatch, type Tender } from '#contracts/v1/store.ts';
import type { Kinds } from '../../connectors/kinds.ts';
import type { Documents } from '../../documents.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { PublishFetched } from '../../intake/fetched-message.ts';
import type { StockClient } from '../../stock/client.ts';
import type { CallStep, Flow, InlineStep, View, WaitStep } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';

/** What the receipts of a day add up to so far, in the store's currency. */
export interface DayTotals {
  transactions: number;
  /** Net of tax. */
  sales: string;
  returns: string;
  /** Returns taken off, as everywhere below. */
  tax: string;
  tenders: Partial<Record<Tender, string>>;
  /** Paid out for online orders that came back, tax included; their orders are credited for it. */
  online_returns?: string;
}

/** Outputs of store_settlement so far: one store, one trading day. */
export interface StoreData extends MessageData {
  store: string;
  business_date: string;
  currency: string;
  /** Batches taken in, in that order. */
  sequences: number[];
  totals: DayTotals;
  /** What the store counted up itself, once it has. */
  end_of_day?: { sequence: number; counts: EndOfDay };
  journal: { id: string; number: string };
}

export interface StoreEnv extends MessageEnv {
  kinds: Pick<Kinds, 'topic'>;
  documents: Documents;
  master: Pick<MasterData, 'mapping'>;
  stock: Pick<StockClient, 'change'>;
  /** Puts what a batch brings beside its day onto INTAKE, once. */
  publish: PublishFetched;
}

export type StoreFlow = Flow<StoreData, StoreEnv>;
export type StoreView = View<StoreData>;
export type StoreInline = InlineStep<StoreData, StoreEnv>;
export type StoreWait = WaitStep<StoreData, StoreEnv>;
export type StoreCall = CallStep<StoreData, StoreEnv>;

export const emptyTotals: DayTotals = { transactions: 0, sales: '0.00', returns: '0.00', tax: '0.00', tenders: {} };

export const emptyStoreData = (message: MessageData): StoreData => ({
  ...message,
  store: '',
  business_date: '',
  currency: '',
  sequences: [],
  totals: emptyTotals,
  journal: { id: '', number: '' },
});

/** A canonical batch as it was kept when it was taken. */
export const batchAt = async (env: StoreEnv, seq: number): Promise<StoreBatch> =>
  storeBatch.parse(await env.documents.read(seq));

/** Is every batch there, from the day's first to the one that ends it? */
export function isWhole({ end_of_day: end, sequences }: Pick<StoreData, 'end_of_day' | 'sequences'>): boolean {
  if (end === undefined) return false;
  const wanted = end.sequence - end.counts.first_sequence + 1;
  return sequences.filter((one) => one >= end.counts.first_sequence && one <= end.sequence).length >= wanted;
}
