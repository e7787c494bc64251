import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { ReconciliationGroup } from '#contracts/v1/reconciliation.ts';
import { channelOf } from '../../connectors/reading.ts';
import type { ListedOrder } from '../../connectors/services.ts';
import { Decimal } from '../../money.ts';
import type { Found } from '../found.ts';

/** An order of a channel's list. */
export interface Listed extends ListedOrder {
  /** Estate id of the channel's system. */
  system: string;
  readAt: string;
}

/**
 * `left_out`: policy would do nothing for it, so nothing is missing. `undecided`: it is not known here while messages
 * still wait in our own inbox.
 */
type Verdict = 'arrived' | 'missing' | 'left_out' | 'undecided';
type Judged = Listed & { verdict: Verdict };

type Policies = Pick<Estate['policies'], 'test_orders' | 'cancelled_orders'>;

/**
 * What is to be thought of an order that a channel lists. Pure.
 * @param seen keys of the orders that are carried here or by a system that tells of them.
 */
export function judge(one: Listed, seen: ReadonlySet<string>, caughtUp: boolean, policies: Policies): Verdict {
  if (seen.has(transactionKey(one.system, one.externalId))) return 'arrived';
  if (one.test && policies.test_orders === 'skip') return 'left_out';
  if (one.cancelled && policies.cancelled_orders === 'skip') return 'left_out';
  return caughtUp ? 'missing' : 'undecided';
}

/** A missing order as a break: its whole amount is what the sides are apart. */
export function foundOf(one: Listed, oursAt: string, estate: Estate): Found {
  const channel = channelOf(estate, one.system, one.currency);
  return {
    domain: 'orders',
    kind: 'order_never_arrived',
    system: one.system,
    sku: '',
    location: '',
    channel: channel?.id ?? '',
    legal_entity: channel?.legal_entity ?? '',
    method: '',
    reference: one.externalId,
    business_key: one.number,
    key: '',
    difference: one.total,
    currency: one.currency,
    occurred_at: one.placedAt,
    sides: [
      { side: 'syncline', system: 'syncline', figure: '', read_at: oursAt, references: [] },
      { side: 'channel', system: one.system, figure: one.total, read_at: one.readAt, references: [one.externalId] },
    ],
  };
}

/** By system, channel and currency: what the channel lists, and what of it arrived. Amounts are as the channel has them. */
export function groupOrders(judged: readonly Judged[], estate: Estate): ReconciliationGroup[] {
  const groups = new Map<string, ReconciliationGroup>();
  for (const { system, currency, total, verdict } of judged) {
    if (verdict === 'left_out') continue;
    const channel = channelOf(estate, system, currency);
    const key = [system, channel?.id, currency].join(' ');
    const group = groups.get(key) ?? {
      ...{ subject: 'order' as const, system, location: '', channel: channel?.id ?? '', method: '' },
      ...{ legal_entity: channel?.legal_entity ?? '', currency },
      ...{ compared: 0, agreeing: 0, undecided: 0, ours: '0.00', theirs: '0.00' },
    };
    groups.set(key, group);
    if (verdict === 'undecided') {
      group.undecided++;
      continue;
    }
    group.compared++;
    group.theirs = new Decimal(group.theirs).plus(total).toFixed(2);
    if (verdict !== 'arrived') continue;
    group.agreeing++;
    group.ours = new Decimal(group.ours).plus(total).toFixed(2);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
