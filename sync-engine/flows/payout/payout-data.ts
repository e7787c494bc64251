import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Channel } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Payout, PayoutLine } from '#contracts/v1/payout.ts';
import type { Kinds } from '../../connectors/kinds.ts';
import type { PayoutNotice } from '../../connectors/topics.ts';
import type { Documents } from '../../documents.ts';
import type { PaidOrder } from '../../payments/known-payments.ts';
import type { CallStep, Flow, InlineStep, View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { KnownOrder } from './rules/match.ts';

/** Outputs of marketplace_settlement so far: one payout, or one order of it that did not match. */
export interface PayoutData extends MessageData {
  /** PAYLOADS sequence of the canonical payout (kept-payout.ts). */
  payout_seq: number;
  payout_id: string;
  /** The order whose match is this transaction's; empty for the payout itself. */
  order_id: string;
  journal: { id: string; number: string };
  /** Of a payout whose items are asked for: what it was told to be, what was read so far, and where to go on. */
  listing?: Listing;
}

export interface Listing extends Pick<PayoutNotice, 'payoutId' | 'total' | 'currency' | 'at'> {
  /** Estate id of the system that pays out. */
  system: string;
  /** Read and not kept yet. */
  page: Omit<PayoutLine, 'row'>[];
  /** PAYLOADS sequences of the pages before, and how many lines they hold; not counted in listings of before. */
  kept: number[];
  rows?: number;
  /** Of the next page; empty after the last. */
  cursor: string;
}

export interface PayoutEnv extends MessageEnv {
  kinds: Pick<Kinds, 'topic'>;
  documents: Pick<Documents, 'keep' | 'read'>;
  /** What is known of an order of a system; undefined where there is none. */
  order(system: string, orderId: string): Promise<KnownOrder | undefined>;
  /** Was the payout told to have failed? */
  failed(system: string, payoutId: string): Promise<boolean>;
  /** The order that refers to a payment. */
  paid(payment: string): Promise<PaidOrder | undefined>;
  /** Begins the transaction of an order that does not match: it stops with a case. Repeating it is harmless. */
  open(view: PayoutView, orderId: string): Promise<void>;
}

export type PayoutFlow = Flow<PayoutData, PayoutEnv>;
export type PayoutView = View<PayoutData>;
export type PayoutInline = InlineStep<PayoutData, PayoutEnv>;
export type PayoutCall = CallStep<PayoutData, PayoutEnv>;

export const emptyPayoutData = (message: MessageData): PayoutData => ({
  ...message,
  payout_seq: 0,
  payout_id: '',
  order_id: '',
  journal: { id: '', number: '' },
});

/**
 * Whose payout it is: the channel that sells through the system, or whose payments it takes, in the payout's currency.
 * Undefined where that is the money of several companies.
 */
export function payoutChannel({ estate }: Pick<PayoutView, 'estate'>, system: string, currency: string) {
  const sells = estate.channels.filter((channel) => channel.system === system && channel.currency === currency);
  const pays = estate.channels.filter((channel) => channel.payment === system && channel.currency === currency);
  const [first, ...others] = sells.length > 0 ? sells : pays;
  return others.every(({ legal_entity }) => legal_entity === first?.legal_entity) ? first : undefined;
}

/** What is known of a payout once it is understood. */
export function payoutDimensions(
  { payout_id, total, currency }: Pick<Payout, 'payout_id' | 'total' | 'currency'>,
  channel: Channel,
) {
  return {
    business_key: `payout ${payout_id}`,
    channel: channel.id,
    region: channel.region,
    brand: channel.brand,
    legal_entity: channel.legal_entity,
    amount: total,
    currency,
  };
}

/** Transaction of a payout, or of what was told of it and could not be carried out. */
export const payoutKey = (system: string, payoutId: string, state?: PayoutNotice['state']): string =>
  transactionKey(system, payoutName(payoutId, state));
export const payoutName = (payoutId: string, state?: PayoutNotice['state']): string =>
  ['payout', payoutId, ...(state === undefined ? [] : [state])].join('-');

export const noPayoutChannel = (system: string, currency: string): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_channel',
  path: '',
  document: 'received',
  message: `No channel of the estate sells or is paid through the system "${system}" in ${currency}, or those of several companies are. Declare one in config/estate.yaml and replay.`,
});
