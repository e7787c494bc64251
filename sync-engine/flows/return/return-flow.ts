import type { Estate } from '#contracts/v1/estate.ts';
import type { Step, Taken } from '../flow.ts';
import { messageStep } from '../message.ts';
import type { FlowState, Signal } from '../state.ts';
import { RECEIPT, receiptProblems } from './receipt.ts';
import type { ReturnData, ReturnEnv, ReturnFlow, ReturnView } from './return-data.ts';
import { approveRefund } from './steps/approve-refund.ts';
import { authorise } from './steps/authorise.ts';
import { channelRefund } from './steps/channel-refund.ts';
import { close } from './steps/close.ts';
import { disposition } from './steps/disposition.ts';
import { erpPostCredit } from './steps/erp-post-credit.ts';
import { inspect } from './steps/inspect.ts';
import { notifyCustomer } from './steps/notify-customer.ts';
import { received } from './steps/received.ts';
import { refundPayment } from './steps/refund-payment.ts';

/** The step of a receipt that no return could take. */
export const RETURN_MESSAGE = 'apply_return_message';

const steps: readonly Step<ReturnData, ReturnEnv>[] = [
  authorise,
  received,
  inspect,
  disposition,
  approveRefund,
  refundPayment,
  notifyCustomer,
  erpPostCredit,
  channelRefund,
  close,
  messageStep(RETURN_MESSAGE),
];

/** return_to_refund: from goods that are to come back to the money, the books and the channel. */
export const createReturnFlow = (env: ReturnEnv): ReturnFlow => ({
  name: 'return_to_refund',
  steps: new Map(steps.map((step) => [step.name, step])),
  deadline,
  takes,
  cancelled: 'cancelled',
  env,
});

/** Goods are to be here within one target of the request; before that and after it there is another for our own work. */
function deadline({ step, phase, dimensions, data }: FlowState<ReturnData>, { policies }: Estate): string {
  if (phase !== 'forward' || step === RETURN_MESSAGE) return '';
  const asked = data.requested_at === '' ? dimensions.occurred_at : data.requested_at;
  const due = (from: string, seconds: number) => new Date(Date.parse(from) + seconds * 1000).toISOString();
  if (step === 'received') return due(asked, policies.return_receive_s);
  return due(data.goods?.at ?? asked, policies.return_refund_s);
}

/** One receipt a return. Another parcel of it is a return of its own, and a wrong one a case of its own. */
async function takes(view: ReturnView, signal: Signal, env: ReturnEnv): Promise<Taken> {
  const { phase, inbox } = view.state;
  if (signal.type !== RECEIPT) return 'now';
  if (phase === 'finished' || view.data.goods !== undefined) return 'never';
  if (inbox.some(({ type }) => type === RECEIPT)) return 'never';
  if (view.data.order_key === '') return 'later';
  const [first, ...rest] = await receiptProblems(view, signal, env);
  return first === undefined ? 'now' : { problems: [first, ...rest] };
}
