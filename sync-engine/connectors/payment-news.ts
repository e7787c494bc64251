interface OfPayment {
  /** What the payment system knows the payment by, as orders refer to it. */
  payment: string;
  /** When it happened there, UTC. */
  at: string;
  /** JSON Pointer to what it is about in the received message. */
  path: string;
}
interface OfRefund extends OfPayment {
  refund: string;
  /** Our key of it; absent where somebody else made it. */
  refundKey?: string;
  amount: string;
  currency: string;
}

/** What a payment system tells of a payment, whoever caused it. */
export type PaymentNews =
  /** `amount` is all that was taken of it so far, `ours` what captures of ours took of that. */
  | ({ news: 'taken'; amount: string; ours: string; currency: string } & OfPayment)
  /** Nothing more can be taken of it. `authorised`: its customer's money was held for it until then. */
  | ({ news: 'released'; reason: string; authorised: boolean } & OfPayment)
  /** `promised`: it is paid later than its order is placed, such as a direct debit; a declined card is no such promise. */
  | ({ news: 'failed'; reason: string; promised: boolean } & OfPayment)
  | ({ news: 'refunded' } & OfRefund)
  /** Money that was on its way back never arrived. */
  | ({ news: 'refund_failed'; reason: string } & OfRefund)
  /** Another message tells all that this one does. */
  | { news: 'nothing' };
