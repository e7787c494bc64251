import { payout, type Payout } from '#contracts/v1/payout.ts';
import type { Kinds } from '../../connectors/kinds.ts';
import type { Documents } from '../../documents.ts';
import type { CallStep, Flow, InlineStep, View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { KnownOrder } from './rules/match.ts';

/** Outputs of marketplace_settlement so far: one payout, or one order of it that did not match. */
export interface PayoutData extends MessageData {
  /** PAYLOADS sequence of the canonical payout. */
  payout_seq: number;
  payout_id: string;
  /** The order whose match is this transaction's; empty for the payout itself. */
  order_id: string;
  journal: { id: string; number: string };
}

export interface PayoutEnv extends MessageEnv {
  kinds: Pick<Kinds, 'topic'>;
  documents: Pick<Documents, 'keep' | 'read'>;
  /** What is known of an order of a system; undefined where there is none. */
  order(system: string, orderId: string): Promise<KnownOrder | undefined>;
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

export const payoutOf = async (view: PayoutView, env: PayoutEnv): Promise<Payout> =>
  payout.parse(await env.documents.read(view.data.payout_seq));

/** Whose payout it is: the channel that sells through the system, in the payout's currency. */
export function payoutChannel({ estate }: Pick<PayoutView, 'estate'>, system: string, currency: string) {
  return estate.channels.find((channel) => channel.system === system && channel.currency === currency);
}
