import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Runner } from '../flows/runner.ts';
import type { FlowState } from '../flows/state.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import type { Identity } from '../identity.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { Glimpse, TopicOf } from '../connectors/topics.ts';
import { FULFILMENT_MESSAGE, startMessage } from '../flows/message.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';

export interface OrderArrivalsOptions {
  runner: Runner<OrderData, OrderEnv>;
  identity: Identity;
  estate: Estate;
  kinds: Pick<Kinds, 'orderFormat'>;
}

/** Key of the transaction that a message about an order belongs to. */
export const orderKeyOf = ({ headers, seq }: Arrival, glimpse: Glimpse): string =>
  transactionKey(headers['syncline-system'], glimpse.externalId ?? `intake-${seq}`);

type OrderMeaning = 'order_placed' | 'order_updated' | 'order_cancelled';

/** Orders, their updates and their cancellations, as channels send them. Repeating one is harmless. */
export class OrderArrivals implements ArrivalHandler<OrderMeaning> {
  readonly means = ['order_placed', 'order_updated', 'order_cancelled'] as const;
  readonly #options: OrderArrivalsOptions;

  constructor(options: OrderArrivalsOptions) {
    this.#options = options;
  }

  apply(arrival: Arrival, { means }: TopicOf<OrderMeaning>, overdue: boolean): Promise<Applied> {
    const glimpse = this.#options.kinds.orderFormat(arrival.headers['syncline-system']).glimpse(arrival.body);
    const key = orderKeyOf(arrival, glimpse);
    switch (means) {
      case 'order_placed':
        return this.#start(key, arrival, glimpse);
      case 'order_updated':
        return this.#update(key, arrival, glimpse, overdue);
      case 'order_cancelled':
        return this.#cancel(key, arrival, glimpse, overdue);
    }
  }

  setAside(arrival: Arrival): Promise<void> {
    const data = emptyOrderData(arrival.headers['syncline-system'], arrival.seq);
    // Another name than the order's own: an order without an id goes by its message's number too.
    return startMessage(this.#options.runner, FULFILMENT_MESSAGE, arrival, data, { name: `message-${arrival.seq}` });
  }

  async #start(key: string, arrival: Arrival, glimpse: Glimpse): Promise<Applied> {
    const { runner, identity } = this.#options;
    const { headers, seq } = arrival;
    const claimed = await identity.claim('order_to_cash', key, seq, headers['syncline-received-at']);
    if (claimed === 'known') return 'applied';
    const begun = initialOrderState(this.#options.estate, key, arrival, glimpse);
    // Should the same version be told of again, it is known.
    const state = { ...begun, signals: versionOf(arrival) };
    await runner.start(key, state, {
      step: 'intake_received',
      status: 'completed',
      attempt: 1,
      system: headers['syncline-system'],
      direction: 'inbound',
      started_at: headers['syncline-received-at'],
      ended_at: headers['syncline-received-at'],
      span_id: state.root_span_id,
      parent_span_id: '',
      attributes: {
        intake_seq: String(seq),
        topic: headers['syncline-topic'],
        ...(headers['syncline-webhook-id'] === undefined ? {} : { webhook_id: headers['syncline-webhook-id'] }),
        ...(headers['syncline-event-id'] === undefined ? {} : { event_id: headers['syncline-event-id'] }),
        ...(headers['syncline-stale'] === undefined ? {} : { stale: 'true' }),
      },
    });
    return 'applied';
  }

  /** An order that changed at the channel is not understood anew: the change is recorded, with its payload. */
  async #update(key: string, arrival: Arrival, glimpse: Glimpse, overdue: boolean): Promise<Applied> {
    const { runner, identity } = this.#options;
    if (!(await identity.isKnown('order_to_cash', key))) return this.#start(key, arrival, glimpse);
    const at = arrival.headers['syncline-received-at'];
    const id = `update:${arrival.seq}`;
    const version = versionOf(arrival);
    const amended = await runner.amend(key, ({ state }) => {
      if ([id, ...version].some((known) => state.signals.includes(known))) return 'nothing';
      return {
        record: {
          step: 'channel_update_received',
          // Of an order that policy left alone nothing is carried, so nothing is superseded either.
          status: state.phase === 'finished' && state.step === 'validate' ? 'skipped' : 'superseded',
          attempt: 1,
          system: arrival.headers['syncline-system'],
          direction: 'inbound',
          started_at: at,
          ended_at: at,
          attributes: {
            intake_seq: String(arrival.seq),
            reason: 'The order is carried as it was placed; the channel’s later version is kept beside it.',
          },
        },
        state: { ...state, signals: [...withoutOldUpdates(state.signals), id, ...version] },
      };
    });
    // Overdue, the order is known and its events are no longer kept: there is nothing to record it on.
    return amended === 'unknown' && !overdue ? 'early' : 'applied';
  }

  async #cancel(key: string, arrival: Arrival, glimpse: Glimpse, overdue: boolean): Promise<Applied> {
    const { headers, seq } = arrival;
    const accepted = await this.#options.runner.signal(key, {
      id: 'cancel',
      type: 'cancel',
      system: headers['syncline-system'],
      at: headers['syncline-triggered-at'] ?? headers['syncline-received-at'],
      intake_seq: seq,
      data: {
        reason: `The channel cancelled the order${glimpse.cancelReason === undefined ? '' : ` (${glimpse.cancelReason})`}.`,
      },
    });
    if (accepted !== 'unknown') return 'applied';
    // The message carries the whole order: alone it tells of an order cancelled before we saw it.
    return overdue ? this.#start(key, arrival, glimpse) : 'early';
  }
}

/** The checkpoint that an order begins with, as far as it can be told before it is understood. */
export function initialOrderState(
  estate: Estate,
  key: string,
  arrival: Arrival,
  glimpse: Glimpse,
): FlowState<OrderData> {
  const { headers, seq } = arrival;
  const source = headers['syncline-system'];
  const sellsHere = estate.channels.filter(({ system }) => system === source);
  const channel = sellsHere.find(({ currency }) => currency === glimpse.currency) ?? sellsHere[0];
  const digest = createHash('sha256').update(key).digest('hex');
  return {
    step: 'canonicalise',
    phase: 'forward',
    effects: ['void_authorization'],
    attempt: 0,
    failures: 0,
    inbox: [],
    signals: [],
    sla_class: headers['syncline-origin'] === 'backfill' ? 'bulk' : 'standard',
    payload_version: 1,
    trace_id: digest.slice(0, 32),
    root_span_id: digest.slice(32, 48),
    dimensions: {
      business_key: glimpse.number ?? glimpse.externalId ?? `intake ${seq}`,
      occurred_at: glimpse.placedAt ?? headers['syncline-received-at'],
      channel: channel?.id ?? '',
      region: channel?.region ?? '',
      legal_entity: channel?.legal_entity ?? '',
      brand: channel?.brand ?? '',
      location: '',
      sku: '',
      ...(glimpse.total === undefined || glimpse.currency === undefined
        ? { amount: '', currency: '' }
        : { amount: glimpse.total, currency: glimpse.currency }),
      origin: headers['syncline-origin'],
    },
    deadline: '',
    data: { ...emptyOrderData(source, seq), ...(arrival.received === undefined ? {} : { received: arrival.received }) },
  };
}

/** Which version of an order a message tells of: the same however often it is delivered, where its sender says so. */
function versionOf({ headers }: Arrival): string[] {
  const id = headers['syncline-webhook-id'];
  return id === undefined ? [] : [`version:${id}`];
}

const UPDATES_KEPT = 50;

/** Of updates and versions the newest are enough to know a repeat by; every other signal is remembered for good. */
export function withoutOldUpdates(signals: readonly string[]): string[] {
  const kinds = ['update:', 'version:'];
  const kindOf = (id: string) => kinds.find((prefix) => id.startsWith(prefix));
  const excess = new Map(
    kinds.map((prefix) => [prefix, signals.filter((id) => id.startsWith(prefix)).length - UPDATES_KEPT + 1]),
  );
  return signals.filter((id) => {
    const kind = kindOf(id);
    const left = kind === undefined ? 0 : (excess.get(kind) ?? 0);
    if (kind === undefined || left <= 0) return true;
    excess.set(kind, left - 1);
    return false;
  });
}
