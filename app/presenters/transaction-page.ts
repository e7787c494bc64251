import { redirect } from '@remix-run/node';
import type { Viewer } from '#app/auth/viewer.ts';
import { casePath, orderPath } from '#app/orders/paths.ts';
import { maskText } from '#app/payloads/mask.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { transactionByKey } from '#app/queries/transaction-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { hoursPath } from '#app/transactions/paths.ts';
import { flowWords } from '#app/words/flows.ts';
import { estateNames, inWords, systemName } from '#app/words/names.ts';
import { statusOf, stepLabel } from '#app/words/steps.ts';
import { standingOf } from '#app/words/transactions.ts';
import { may } from '#contracts/v1/permissions.ts';
import { flow as flows } from '#contracts/v1/step-event.ts';
import { eventsInWords, presentTrace } from './trace.ts';

const unknown = () =>
  new Response('No transaction has this key. It may have begun a moment ago: reload in a second.', { status: 404 });

/** One transaction of any flow. @throws Response to the order's own page, or 404 where no such transaction is known */
export async function presentTransaction(context: AppContext, viewer: Viewer, at: { flow: string; key: string }) {
  const parsed = flows.safeParse(at.flow);
  if (!parsed.success) throw unknown();
  const [flow, key] = [parsed.data, at.key];
  if (flow === 'order_to_cash') throw redirect(orderPath(key));
  const [[one], steps] = await Promise.all([
    context.read(transactionByKey, { flow, key, now: context.now().toISOString(), ...stepTargetsOf(context.estate) }),
    context.read(transactionSteps, { flow, key }),
  ]);
  if (one === undefined) throw unknown();
  const names = estateNames(context.estate);
  const words = flowWords(flow);
  const troubled = one.is_open && ['failed', 'quarantined', 'retrying'].includes(one.status);
  return {
    flow,
    key,
    title: `${words.one.charAt(0).toUpperCase()}${words.one.slice(1)} ${one.business_key}`,
    many: words.many,
    hours: hoursPath(flow, one),
    ...standingOf(one),
    open: one.is_open,
    deadline: one.is_open ? one.deadline : '',
    doing: `${stepLabel(one.step)} at ${systemName(names, one.system)}: ${statusOf(one.status).word}`,
    trouble: troubled ? inWords(maskText(one.error_message), names) : '',
    retryAt: one.status === 'retrying' ? one.retry_at : '',
    casePath: one.is_open && one.case_id !== '' ? casePath(one.case_id) : '',
    amount: one.money === '' ? '' : one.amount,
    currency: one.money,
    traceId: one.trace_id,
    times: { happened: one.occurred_at, began: one.first_at, last: one.last_at },
    facts: [
      ['Channel', names.channels[one.channel]?.name ?? one.channel],
      ['Region', one.region],
      ['Legal entity', names.entities[one.legal_entity] ?? one.legal_entity],
      ['Brand', one.brand],
      ['Location', names.locations[one.location] ?? one.location],
      ['SKU', one.sku],
      ['Tier', one.tier],
      ['Origin', one.origin],
    ].flatMap(([name = '', value = '']) => (value === '' ? [] : [{ name, value }])),
    steps: presentTrace(steps, { names, personal: may(viewer.roles, 'personal_data.read') }),
    events: eventsInWords(steps),
    names,
  };
}
export type TransactionView = Awaited<ReturnType<typeof presentTransaction>>;
