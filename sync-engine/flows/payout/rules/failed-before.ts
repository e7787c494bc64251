import type { CaseProblem } from '#contracts/v1/case.ts';
import type { PayoutNotice } from '../../../connectors/topics.ts';

/** A payout that was told to have failed before its journal was posted. */
export const failedBefore = ({
  payoutId,
  total,
  currency,
}: Pick<PayoutNotice, 'payoutId' | 'total' | 'currency'>): CaseProblem => ({
  ...{ error_class: 'conflict', error_code: 'payout_failed', path: '/data/object/status', document: 'received' },
  message: `The payout ${payoutId} of ${total} ${currency} was told both to have failed and to be paid: its journal is not posted. If it failed, a later payout brings the money as one item, and only the fees and what else is in this one are to be booked by hand; if the bank has got it, book it whole. Then discard this case.`,
});
