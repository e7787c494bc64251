import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { order as orderSchema, type Order } from '#contracts/v1/order.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import type { Documents } from '../documents.ts';
import type { OrderData } from '../flows/order/order-data.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';

const kept = z.object({
  order: orderSchema,
  shipped: z.record(z.string(), z.int()),
  shipments: z.int(),
  captured: z.array(z.string()),
  location: z.string(),
  invoiceId: z.string(),
});

/** What a return must know of its order. */
export interface ReturnableOrder {
  order: Order;
  /** Units that left, by line. */
  shipped: ReadonlyMap<string, number>;
  /** Parcels that left: each may have cost a rounding of what was captured. */
  shipments: number;
  /** Amounts captured for them. */
  captured: readonly string[];
  location: string;
  invoiceId: string;
  /** Its transaction goes on: more of it may leave. */
  underWay: boolean;
  /** The money for what left last is being taken. */
  capturing: boolean;
}

type Facts = Pick<OrderData, 'shipments' | 'captures' | 'location' | 'invoice'>;

/** Longer than any right to return goods; afterwards a return is a matter for people. */
const KEPT_MS = 400 * 86_400_000;

/**
 * Orders as their returns see them. Goods come back months after an order's events and documents have aged out, so what
 * a return needs is kept in KV once the order is settled, without anybody's personal data.
 */
export class ReturnableOrders {
  readonly #kv: KV;
  readonly #log: Pick<TransactionLog, 'reload'>;
  readonly #documents: Pick<Documents, 'read' | 'find'>;

  private constructor(kv: KV, log: Pick<TransactionLog, 'reload'>, documents: Pick<Documents, 'read' | 'find'>) {
    this.#kv = kv;
    this.#log = log;
    this.#documents = documents;
  }

  static async open(
    nc: NatsConnection,
    log: Pick<TransactionLog, 'reload'>,
    documents: Pick<Documents, 'read' | 'find'>,
  ): Promise<ReturnableOrders> {
    return new ReturnableOrders(await openBucket(nc, buckets.returnable, { ttl: KEPT_MS }), log, documents);
  }

  /** Durable once this resolves. Repeating it is harmless. */
  async keep(key: string, order: Order, facts: Facts): Promise<void> {
    const { billing_address: _, shipping_address: __, ...rest } = order;
    const { shipped, ...more } = factsOf(order, facts);
    const value: z.input<typeof kept> = {
      ...more,
      order: { ...rest, customer: {} },
      shipped: Object.fromEntries(shipped),
      captured: [...more.captured],
    };
    crashPoint('engine.returnable.before');
    await this.#kv.put(key, JSON.stringify(value));
    crashPoint('engine.returnable.after');
  }

  /** Undefined where there is none, or none that is understood yet. */
  async find(key: string): Promise<ReturnableOrder | undefined> {
    const head = await this.#log.reload<OrderData>('order_to_cash', key);
    if (head !== undefined && head.state.phase !== 'finished') {
      const { data, step } = head.state;
      if (data.canonical_seq === 0) return undefined;
      const order = await this.#documents.read<Order>(data.canonical_seq);
      return { ...factsOf(order, data), underWay: true, capturing: step === 'capture_payment' };
    }
    const stored = await getJson(this.#kv, key, kept);
    if (stored !== undefined)
      return { ...stored.value, shipped: new Map(Object.entries(stored.value.shipped)), ...settled };
    // Settled before such things were kept, or over without ever being settled.
    if (head === undefined || head.state.data.canonical_seq === 0) return undefined;
    const order = await this.#documents.read<Order>(head.state.data.canonical_seq);
    return { ...factsOf(order, head.state.data), ...settled };
  }

  /** Is it over without anything of it having been carried out: cancelled, or left alone by policy? */
  async isCancelled(key: string): Promise<boolean> {
    const head = await this.#log.reload<OrderData>('order_to_cash', key);
    return head?.state.phase === 'finished' && ['cancelled', 'validate'].includes(head.state.step);
  }

  /** The order with its customer's data, which are kept only as long as its events and documents are. */
  async whole(key: string): Promise<Order | undefined> {
    const head = await this.#log.reload<OrderData>('order_to_cash', key);
    const seq = head?.state.data.canonical_seq ?? 0;
    return seq === 0 ? undefined : this.#documents.find<Order>(seq);
  }
}

const settled = { underWay: false, capturing: false };

function factsOf(order: Order, { shipments, captures, location, invoice }: Facts) {
  const shipped = new Map<string, number>();
  for (const { line_id, quantity } of shipments.flatMap(({ lines }) => lines))
    shipped.set(line_id, (shipped.get(line_id) ?? 0) + quantity);
  return {
    order,
    shipped,
    shipments: shipments.length,
    captured: captures.map(({ amount }) => amount),
    location,
    invoiceId: invoice.id,
  };
}
