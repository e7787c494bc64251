import type { Disposition, ReturnCondition } from '#contracts/v1/returns.ts';

/** A line as its sender names it. */
export interface NamedReturnLine {
  line_id?: string | undefined;
  sku?: string | undefined;
  quantity: number;
  /** In the sender's own words. */
  reason_code?: string | undefined;
  condition: ReturnCondition;
  disposition?: Disposition | undefined;
  /** JSON Pointer to the line in the received message. */
  path: string;
}

/** The goods as they came in. */
export interface Received {
  at: string;
  location: string;
  /** Estate id of the system that has them in its books. */
  system: string;
  /** Orders this among the system's stock changes. */
  version: number;
}

/** A refund that the channel has given already: what it says it gave, in the order's currency. */
export interface GivenRefund {
  lines: { line_id?: string; sku?: string; quantity: number; net: string; tax: string }[];
  shipping: { net: string; tax: string };
  /** What went back to the customer, or is on its way there. */
  total: string;
  /** The currencies in which it did, and where they stand in the received message; one that is not the order's is a case. */
  currencies?: { code: string; path: string }[];
  /** What of it moved the shop's balance, by the numbers it goes by there. */
  payments?: { reference: string; amount: string }[];
  /** A till paid it out: its amounts are without tax whatever the order's are, and the channel does not know of it. */
  at_till?: true;
}

/** A return, or the receipt of one, whoever tells of it. */
export interface ReturnMessage {
  /** The sender's number of the return, or of the receipt. */
  number: string;
  orderKey: string;
  /** JSON Pointer to the order's reference in the received message. */
  orderPath: string;
  at: string;
  lines: NamedReturnLine[];
  /** Of a receipt: the number of the return that it belongs to, where the parcel said so. */
  of?: string;
  received?: Received;
  given?: GivenRefund;
  /** All its lines are units that were never to leave: with the order's cancellation, there is nothing to do for it. */
  cancels?: true;
  /** Why there is nothing to do for it. */
  superseded?: string;
}
