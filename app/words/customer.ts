import type { Lifecycle } from '#contracts/v1/order.ts';

export interface CustomerLine {
  /** A sentence an agent can read to the customer as it stands. */
  say: string;
  /** What the agent should know and not read out; empty where there is nothing. */
  aside: string;
}

export interface CustomerContext {
  openCase: boolean;
  held: boolean;
  late: boolean;
  trackingNumbers: readonly string[];
  /** Why policy left the order alone. */
  skipped?: string | undefined;
}

const byState: Record<Lifecycle, string> = {
  pending_validation: 'We have your order and are checking it. You will get a confirmation shortly.',
  allocated: 'Your order is confirmed and the goods are set aside for you. It goes to the warehouse next.',
  released_to_warehouse: 'The warehouse is packing your order. You will get a tracking number as soon as it leaves.',
  partially_shipped: 'Part of your order is on its way; the rest follows in another parcel at no extra cost.',
  shipped: 'Your order is on its way to you.',
  delivered: 'The carrier reports that your order has been delivered.',
  returned: 'We have your return. The refund goes to the payment method you used.',
  financially_settled: 'Your order is complete: delivered and paid.',
  cancelled:
    'Your order has been cancelled. You will not be charged for it; a reservation on your card lapses by itself.',
};

/** What to tell the customer for the state the order is in, without promising what we do not know. */
export function whatToTellTheCustomer(state: Lifecycle, context: CustomerContext): CustomerLine {
  const tracking =
    context.trackingNumbers.length > 0 ? ` The tracking number is ${context.trackingNumbers.join(' and ')}.` : '';
  const shown = state === 'shipped' || state === 'partially_shipped' || state === 'delivered';
  if (context.skipped !== undefined)
    return {
      say: 'This order is not being processed: nothing will be sent or charged for it.',
      aside: context.skipped,
    };
  if (context.held)
    return {
      say: 'Your order is on hold while we check something. We will write to you before anything changes.',
      aside: 'A colleague put it on hold; the reason is in the notes below.',
    };
  if (context.openCase && (state === 'pending_validation' || state === 'allocated'))
    return {
      say: 'We have your order and your goods are safe. A detail needs a check by a colleague, and it continues right after.',
      aside: 'It waits in Quarantine. Do not promise a date until the case is resolved.',
    };
  return {
    say: `${byState[state]}${shown ? tracking : ''}`,
    aside: context.late && !shown ? 'It is past its deadline: apologise for the delay.' : '',
  };
}
