import type { OrderRow } from '#app/presenters/order-detail.ts';

export interface Milestone {
  id: string;
  word: string;
  /** RFC 3339, empty where it has not been reached. */
  at: string;
  /** Milliseconds after the order was placed. */
  afterMs: number | null;
  state: 'reached' | 'current' | 'ahead' | 'skipped';
}

type Milestones = Pick<
  OrderRow,
  | 'occurred_at'
  | 'accepted_at'
  | 'allocated_at'
  | 'erp_confirmed_at'
  | 'released_at'
  | 'first_shipped_at'
  | 'shipped_at'
  | 'delivered_at'
  | 'settled_at'
  | 'cancelled_at'
  | 'is_open'
>;

/**
 * The life of an order as milestones by event time, not by when we heard of them. What a cancelled order no longer
 * reaches is skipped, as is all that lies ahead of one that policy left alone; the last reached one is where it stands.
 */
export function presentLifecycle(order: Milestones): Milestone[] {
  const partly = order.first_shipped_at !== '' && order.first_shipped_at !== order.shipped_at;
  const all: [string, string, string][] = [
    ['placed', 'Placed', order.occurred_at],
    ['accepted', 'Accepted', order.accepted_at],
    ['allocated', 'Allocated', order.allocated_at],
    ['erp', 'In the ERP', order.erp_confirmed_at],
    ['released', 'With the warehouse', order.released_at],
    ...(partly ? ([['partly', 'Partly shipped', order.first_shipped_at]] as [string, string, string][]) : []),
    ['shipped', 'Shipped', order.shipped_at],
    ['delivered', 'Delivered', order.delivered_at],
    ['settled', 'Settled', order.settled_at],
  ];
  const cancelled = order.cancelled_at !== '';
  const reached = all.filter(([, , at]) => at !== '');
  const leftAlone = !order.is_open && order.settled_at === '';
  const shown = cancelled
    ? [...reached, ['cancelled', 'Cancelled', order.cancelled_at] as const]
    : leftAlone
      ? reached
      : all;
  const lastReached = shown.findLastIndex(([, , at]) => at !== '');
  return shown.map(([id, word, at], index) => ({
    id,
    word,
    at,
    afterMs: at === '' ? null : Date.parse(at) - Date.parse(order.occurred_at),
    state: at === '' ? (index < lastReached ? 'skipped' : 'ahead') : index === lastReached ? 'current' : 'reached',
  }));
}
