import { z } from 'zod';
import { type ReturnStatus, returnLifecycle } from '#contracts/v1/channel-api.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { latestSteps } from './order-status.ts';

/** What of the checkpoint the answer needs. */
const checkpoint = z.object({
  phase: z.string().optional(),
  blocked_by: z.string().optional(),
  data: z.object({ order_key: z.string().default(''), requested_at: z.string().default('') }).optional(),
});

/** The step that reaches each state, the furthest last. */
const reachedBy: Readonly<Record<string, ReturnStatus['lifecycle']>> = {
  authorise: 'authorised',
  received: 'received',
  inspect: 'inspected',
  refund_payment: 'refunded',
  erp_post_credit: 'credited',
  close: 'closed',
  cancelled: 'cancelled',
};

/** Where a return stands, from its step events in stream order. Undefined where there are none. */
export function returnStatus(events: readonly StepEvent[]): ReturnStatus | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const state = checkpoint.catch({}).parse(last.state ?? {});
  return {
    key: last.key,
    number: last.business_key,
    system: parseTransactionKey(last.key)?.system ?? '',
    channel: last.channel,
    order_key: state.data?.order_key ?? '',
    lifecycle: lifecycleOf(events),
    finished: state.phase === 'finished',
    ...(state.blocked_by === undefined ? {} : { case_id: state.blocked_by }),
    requested_at: last.occurred_at,
    updated_at: last.ended_at === '' ? last.started_at : last.ended_at,
    ...(last.deadline === '' ? {} : { deadline: last.deadline }),
    amount: last.amount,
    currency: last.currency,
    trace_id: last.trace_id,
    steps: latestSteps(events),
  };
}

function lifecycleOf(events: readonly StepEvent[]): ReturnStatus['lifecycle'] {
  const reached = events.flatMap(({ step, status }) => (status === 'completed' ? (reachedBy[step] ?? []) : []));
  return returnLifecycle.options.findLast((state) => reached.includes(state)) ?? 'requested';
}
