import Decimal from 'decimal.js';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { partInReplay } from '#contracts/v1/second-person.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { maskText } from '#app/payloads/mask.ts';
import { inReportingCurrency } from './money-sum.ts';

/** A replay of money that awaits a second person, as the viewer sees it. */
export interface ShownApproval {
  requestedBy: string;
  requestedAt: string;
  /** What was written with it. */
  note: string;
  /** Asked for although the channel has a newer version. */
  overrideStale: boolean;
  /** What the replay moves; other than the case says where a correction changed it. */
  amount: string;
  currency: string;
  /** Why the viewer cannot decide; empty where they can. */
  whyNot: string;
}

/** Undefined unless the case awaits approval. */
export function presentApproval(
  state: Pick<CaseState, 'status' | 'amount' | 'currency'> & Parameters<typeof partInReplay>[1],
  events: readonly CaseEvent[],
  viewer: Viewer,
): ShownApproval | undefined {
  const { status, approval } = state;
  if (status !== 'awaiting_approval' || approval === undefined) return undefined;
  return {
    requestedBy: approval.requested_by,
    requestedAt: approval.requested_at,
    overrideStale: approval.override_stale,
    amount: approval.amount ?? state.amount,
    currency: approval.currency ?? state.currency,
    note: maskText(events.findLast(({ type }) => type === 'approval_requested')?.note ?? ''),
    whyNot: whyNot(viewer, state),
  };
}

function whyNot(viewer: Viewer, state: Parameters<typeof partInReplay>[1]): string {
  if (!may(viewer.roles, 'cases.approve'))
    return 'Your role cannot approve replays of money. Finance, operations or an administrator can.';
  const part = partInReplay(viewer.email, state);
  return part === undefined ? '' : `You ${did[part]}, so somebody else has to approve it.`;
}

const did: Record<NonNullable<ReturnType<typeof partInReplay>>, string> = {
  asked: 'asked for this replay',
  wrote_version: 'corrected this payload',
  wrote_part: 'wrote part of what it sends (an earlier correction, a mapping or a rule)',
};

/** Above which amount a replay needs a second person, where this case is; undefined otherwise. */
export function secondPersonAbove(
  { flow, amount, currency }: Pick<CaseState, 'flow' | 'amount' | 'currency'>,
  estate: Pick<Estate, 'policies'>,
  rates: RatesInForce,
): string | undefined {
  const limit = estate.policies.second_person_above;
  if (limit === undefined || amount === '' || flow !== 'order_to_cash') return undefined;
  const worth = inReportingCurrency([[currency, amount]], rates);
  // A currency without a rate counts as too much.
  return worth.withoutRate.length > 0 || new Decimal(worth.amount).greaterThan(limit) ? limit : undefined;
}
