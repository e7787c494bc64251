import type { Price } from '#contracts/v1/catalogue.ts';
import type { Alarms } from '../../alarms.ts';
import type { VerbName } from '../../connectors/services.ts';
import type { TopicOf } from '../../connectors/topics.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { PriceTerm } from '../../prices/in-force.ts';
import type { PriceBook } from '../../prices/price-book.ts';
import type { CallStep, Flow, InlineStep, View, WaitStep } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { Versions } from '../versions.ts';

/** Outputs of price_publication so far. */
export interface PriceData extends MessageData {
  /** Absent until the message is understood. */
  price?: Price;
  /** What is to be set in its place: once a price with an end is over, or was replaced while it was being set. */
  followed_by?: PriceTerm | undefined;
  /** The channel was told a price here, or may have been. */
  told?: boolean;
}

export interface PriceEnv extends MessageEnv {
  topics: { topicOf(system: string, topic: string): TopicOf<'price'> | undefined };
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  master: Pick<MasterData, 'product' | 'mapping'>;
  prices: Pick<PriceBook, 'note' | 'has' | 'end' | 'inForce'>;
  alarms: Pick<Alarms, 'set'>;
}

export type PriceView = View<PriceData>;
export type PriceInline = InlineStep<PriceData, PriceEnv>;
export type PriceWait = WaitStep<PriceData, PriceEnv>;
export type PriceCall = CallStep<PriceData, PriceEnv>;
export type PriceFlow = Flow<PriceData, PriceEnv>;

/** @throws before the message is understood. */
export function priceOf({ key, data }: PriceView): Price {
  if (data.price === undefined) throw new Error(`price ${key} is not understood yet`);
  return data.price;
}

/** The versions of a price, of which a transaction may have to tell its own or what takes its place. */
export const priceVersions: Versions<PriceData, PriceEnv, PriceTerm> = {
  wanted: (view) => view.data.followed_by ?? priceOf(view),
  inForce: (view, { prices }) => {
    const { channel, sku } = priceOf(view);
    return prices.inForce(channel, sku, view.now);
  },
  idOf: ({ version }) => version,
  because: ({ version }, inForce) =>
    inForce === undefined ? `Version ${version} is over.` : `Version ${inForce.version} is in force.`,
};

/** Has another version set in its place. */
export const insteadOfIt = (inForce: PriceTerm): Partial<PriceData> => ({ followed_by: inForce });

export const isOver = ({ ends_at }: Price, now: Date): boolean =>
  ends_at !== undefined && Date.parse(ends_at) <= now.getTime();

export const startsLater = (view: PriceView): boolean => Date.parse(priceOf(view).starts_at) > view.now.getTime();
