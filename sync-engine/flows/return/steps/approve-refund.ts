import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { exceedsLimit } from '../../../one-person.ts';
import type { Refund } from '../../../returns/refund.ts';
import { givesBackItself, refundOf, type ReturnInline } from '../return-data.ts';

/**
 * Holds a refund of more than one person may give. Its case is let go by a replay that one person asks for and a second
 * one approves (`secondPerson`), so that a replay under way here is their agreement.
 */
export const approveRefund: ReturnInline = {
  kind: 'inline',
  name: 'approve_refund',
  secondPerson: true,
  next: ({ data }) => (data.shares.length > 0 ? 'refund_payment' : 'erp_post_credit'),
  run: (view, env) => {
    const refund = refundOf(view);
    if (view.data.given?.at_till === true)
      return { status: 'skipped', attributes: { reason: 'The till has paid the money out already.' } };
    if (view.data.given !== undefined)
      return { status: 'skipped', attributes: { reason: 'The channel has given the money already.' } };
    if (givesBackItself(view, env))
      return { status: 'skipped', attributes: { reason: 'The marketplace gives the money back by itself.' } };
    const limit = limitOf(view.estate);
    if (!exceedsLimit({ amount: refund.total, currency: refund.currency }, env.rates.today(), limit))
      return { status: 'skipped', attributes: { reason: 'One person may give this much.' } };
    const { replaying } = view.state;
    if (replaying?.step === 'approve_refund')
      return { status: 'completed', attributes: { approved_in: replaying.case_id } };
    return { status: 'quarantined', problems: [needsApproval(refund, limit ?? '', view.estate.reporting_currency)] };
  },
};

const limitOf = ({ policies }: Estate): string | undefined =>
  policies.refund_approval_above ?? policies.second_person_above;

const needsApproval = (refund: Refund, limit: string, currency: string): CaseProblem => ({
  error_class: 'validation',
  error_code: 'refund_needs_approval',
  path: '/refund/amount',
  document: 'canonical',
  message: `The refund of ${refund.total} ${refund.currency} is above ${limit} ${currency}, which one person may give. Replay to ask for it: a second person approves, and the money goes out. Discard to refuse it.`,
});
