import type { Step } from '../flow.ts';
import { messageStep, PAYMENT_MESSAGE } from '../message.ts';
import type { PayoutData, PayoutEnv, PayoutFlow, PayoutInline } from './payout-data.ts';
import { erpPostJournal } from './steps/erp-post-journal.ts';
import { gatherPayout, keepPayoutPage } from './steps/gather-payout.ts';
import { listPayout } from './steps/list-payout.ts';
import { matchOrders, matchOrderStep } from './steps/match-orders.ts';
import { readPayout } from './steps/read-payout.ts';

const closePayout: PayoutInline = {
  kind: 'inline',
  name: 'close_payout',
  next: () => 'close_payout',
  run: ({ data }) => ({ status: 'completed', attributes: { payout_id: data.payout_id }, finish: true }),
};

const steps: readonly Step<PayoutData, PayoutEnv>[] = [
  readPayout,
  listPayout,
  keepPayoutPage,
  gatherPayout,
  matchOrders,
  erpPostJournal,
  closePayout,
  matchOrderStep,
  messageStep(PAYMENT_MESSAGE),
];

/**
 * marketplace_settlement: from a payout to its journal, with a break for every order that does not match, and for every
 * payment that a payment system tells otherwise of.
 */
export const createPayoutFlow = (env: PayoutEnv): PayoutFlow => ({
  name: 'marketplace_settlement',
  steps: new Map(steps.map((step) => [step.name, step])),
  deadline: () => '',
  cancelled: 'cancelled',
  env,
});
