import type { Disposition, ReturnCondition, ReturnReason } from '#contracts/v1/returns.ts';
import type { Rates } from '#platform/rates.ts';
import type { Kinds } from '../../connectors/kinds.ts';
import type { GivenRefund, Received } from '../../connectors/return-message.ts';
import type { VerbName } from '../../connectors/services.ts';
import type { Documents } from '../../documents.ts';
import type { Identity } from '../../identity.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { Refund, RefundShare } from '../../returns/refund.ts';
import type { ReturnBook } from '../../returns/return-book.ts';
import type { ReturnableOrder, ReturnableOrders } from '../../returns/returnable-orders.ts';
import type { StockClient } from '../../stock/client.ts';
import type { CallStep, Flow, InlineStep, View, WaitStep } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import { channelOf } from '../order/order-data.ts';

/** A line of the order that comes back. */
export interface ReturnLine {
  line_id: string;
  sku: string;
  quantity: number;
  /** As its sender called it, empty where nobody said. */
  reason_code: string;
  reason?: ReturnReason;
  condition: ReturnCondition;
  disposition?: Disposition;
}

/** Outputs of return_to_refund so far. */
export interface ReturnData extends MessageData {
  number: string;
  order_key: string;
  order_number: string;
  /** When the order was placed, which decides whose books it is in; absent in checkpoints of before. */
  order_placed_at?: string;
  requested_at: string;
  lines: ReturnLine[];
  goods?: Received;
  given?: GivenRefund;
  refund?: Refund;
  shares: RefundShare[];
  /** Ids of the refunds made, one for each share. */
  refunds: string[];
  credit_memo: { id: string; number: string };
}

export const emptyReturnData = (message: MessageData): ReturnData => ({
  ...message,
  number: '',
  order_key: '',
  order_number: '',
  requested_at: '',
  lines: [],
  shares: [],
  refunds: [],
  credit_memo: { id: '', number: '' },
});

export interface ReturnEnv extends MessageEnv {
  kinds: Pick<Kinds, 'topic' | 'isPulled'>;
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  documents: Pick<Documents, 'keep'>;
  identity: Pick<Identity, 'claim'>;
  master: Pick<MasterData, 'mapping'>;
  rates: Pick<Rates, 'today'>;
  orders: Pick<ReturnableOrders, 'find' | 'isCancelled' | 'whole'>;
  book: Pick<ReturnBook, 'of' | 'claim' | 'grant'>;
  stock: Pick<StockClient, 'change'>;
  /** Shows on an order what became of a return of it, once. */
  note: (orderKey: string, note: OrderNote) => Promise<void>;
}

/** How a return is called among its sender's transactions. @param number its sender's. */
export const returnName = (number: string): string => `return-${number}`;

export interface OrderNote {
  /** Unique on the order. */
  id: string;
  step: string;
  attributes: Record<string, string>;
}

export type ReturnView = View<ReturnData>;
export type ReturnInline = InlineStep<ReturnData, ReturnEnv>;
export type ReturnWait = WaitStep<ReturnData, ReturnEnv>;
export type ReturnCall = CallStep<ReturnData, ReturnEnv>;
export type ReturnFlow = Flow<ReturnData, ReturnEnv>;

/** Who buys on account has paid nothing yet: what is credited, it owes no longer. */
export const isOnAccount = (view: ReturnView): boolean => channelOf(view).on_account === true;

/** A marketplace that took the money and takes no refunds from us gives it back by itself, less from its next payout. */
export function givesBackItself(view: ReturnView, { offers }: Pick<ReturnEnv, 'offers'>): boolean {
  const { payment, system } = channelOf(view);
  return payment === system && !isOnAccount(view) && !offers(system, 'refund_payment');
}

/** @throws before the goods are here. */
export function goodsOf({ key, data }: ReturnView): Received {
  if (data.goods === undefined) throw new Error(`the goods of return ${key} are not here yet`);
  return data.goods;
}

/** @throws before it is decided. */
export function refundOf({ key, data }: ReturnView): Refund {
  if (data.refund === undefined) throw new Error(`nothing is decided for return ${key} yet`);
  return data.refund;
}

/** @throws where the order is no longer kept. */
export async function orderOf({ key, data }: ReturnView, env: ReturnEnv): Promise<ReturnableOrder> {
  const order = await env.orders.find(data.order_key);
  if (order === undefined) throw new Error(`the order of return ${key} is no longer kept`);
  return order;
}
