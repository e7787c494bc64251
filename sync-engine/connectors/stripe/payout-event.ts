import { z } from 'zod';
import { fromMinorUnits } from '../../money.ts';
import type { PayoutNotice, TopicOf } from '../topics.ts';
import { currency, eventOf, id, integer, seconds } from './event.ts';
import { instantOf, readEvent } from './read-event.ts';

/** Source: docs.stripe.com/api/payouts/object. */
const payoutEvent = eventOf(
  z.object({
    id: id.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the id of a payout'),
    object: z.literal('payout'),
    amount: integer,
    currency,
    arrival_date: seconds,
    /** pending, in_transit, paid, failed or canceled. */
    status: z.string(),
    failure_code: z.string().nullish(),
    /** completed, in_progress or not_applicable, for those that were asked for by hand; older versions do not say. */
    reconciliation_status: z.string().nullish(),
  }),
);

/**
 * A payout is paid for us once its items can be listed as well: whichever of the events says both, in whichever order they
 * come.
 */
function noticeOf({ data: { object } }: z.infer<typeof payoutEvent>): PayoutNotice {
  const reconciled = object.reconciliation_status ?? 'completed';
  const failed = object.status === 'failed' || object.status === 'canceled';
  const paid = object.status === 'paid' && reconciled !== 'in_progress';
  const currency = object.currency.toUpperCase();
  return {
    payoutId: object.id,
    state: failed ? 'failed' : paid ? 'paid' : 'announced',
    itemised: reconciled !== 'not_applicable',
    total: fromMinorUnits(object.amount, currency),
    currency,
    at: instantOf(object.arrival_date),
    reason: object.failure_code ?? object.status,
  };
}

const payoutTopic: TopicOf<'payout_notice'> = {
  means: 'payout_notice',
  read: readEvent(payoutEvent, noticeOf),
  payload: { schema: payoutEvent, numbers: 'as_text' },
};

/** Source of the types: docs.stripe.com/api/events/types. */
export const payoutTopics = {
  'payout.created': payoutTopic,
  'payout.updated': payoutTopic,
  'payout.paid': payoutTopic,
  'payout.reconciliation_completed': payoutTopic,
  'payout.failed': payoutTopic,
  'payout.canceled': payoutTopic,
};
