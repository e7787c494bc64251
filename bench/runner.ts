import { randomBytes } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { transactionKey } from '#contracts/v1/key.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import type { Flow, InlineStep } from '#sync-engine/flows/flow.ts';
import { emptyOrderData, type OrderData } from '#sync-engine/flows/order/order-data.ts';
import { Runner } from '#sync-engine/flows/runner.ts';
import type { FlowState } from '#sync-engine/flows/state.ts';
import { newSpanId, TransactionLog } from '#sync-engine/flows/transaction-log.ts';
import { startNats } from '#tests/support/nats.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { concurrently, median, round } from './concurrently.ts';

export interface RunnerFigures {
  orders_per_s: number;
  /** To the bare loop: eight awaited publishes an order, of the same size. */
  ratio: number;
  bare_orders_per_s: number;
  /** Bytes of one step event. */
  event_bytes: number;
  /** CPU of this process (not of NATS) in microseconds a step, by the runner and by the bare loop. */
  cpu_us: number;
  bare_cpu_us: number;
}

const STEPS = 8;
const IN_FLIGHT = 256;

interface Round {
  orders_per_s: number;
  cpu_us: number;
}

/**
 * An order of eight steps that do nothing, through the flow runner and, in turn, by the bare loop. The runner's orders
 * have nine events: the one they begin with, and one a step.
 */
export async function benchRunner(options: { orders?: number; rounds?: number } = {}): Promise<RunnerFigures> {
  const { orders = 10_000, rounds = 3 } = options;
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench-runner', log: silentLog });
  try {
    await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
    const own: Round[] = [];
    const bare: Round[] = [];
    let bytes = 0;
    await throughRunner(nc, 'warm', 1_000);
    for (let i = 0; i < rounds; i++) {
      own.push(await measured(orders, () => throughRunner(nc, `r${i}`, orders)));
      bytes = await eventBytes(nc);
      bare.push(await measured(orders, () => bareLoop(nc, `b${i}`, orders, bytes)));
    }
    const speed = median(own.map((run) => run.orders_per_s));
    const bareSpeed = median(bare.map((run) => run.orders_per_s));
    return {
      orders_per_s: round(speed),
      ratio: round(median(own.map((run, i) => run.orders_per_s / (bare[i]?.orders_per_s ?? bareSpeed))), 2),
      bare_orders_per_s: round(bareSpeed),
      event_bytes: bytes,
      cpu_us: round(median(own.map((run) => run.cpu_us)), 1),
      bare_cpu_us: round(median(bare.map((run) => run.cpu_us)), 1),
    };
  } finally {
    await nc.close();
    await nats.close();
  }
}

async function measured(orders: number, run: () => Promise<number>): Promise<Round> {
  const before = process.cpuUsage();
  const ms = await run();
  const { user, system } = process.cpuUsage(before);
  return { orders_per_s: (orders * 1_000) / ms, cpu_us: (user + system) / orders / STEPS };
}

async function bareLoop(nc: NatsConnection, name: string, orders: number, bytes: number): Promise<number> {
  const js = jetstream(nc);
  const payload = new Uint8Array(bytes).fill(120);
  return concurrently(orders, IN_FLIGHT, async (i) => {
    const subject = subjects.step('order_to_cash', transactionKey('bare', `${name}-${i}`));
    for (let step = 0; step < STEPS; step++) await js.publish(subject, payload);
  });
}

async function throughRunner(nc: NatsConnection, name: string, orders: number): Promise<number> {
  const refuse = (): Promise<never> => Promise.reject(new Error('a step that does nothing needs nobody else'));
  const estate = testEstate();
  const runner = new Runner<OrderData, undefined>({
    flow: flowOfNothing(),
    log: new TransactionLog({
      publisher: publisherOf(nc),
      manager: await jetstreamManager(nc),
      nonce: randomBytes(6).toString('hex'),
    }),
    estate: () => estate,
    cases: { open: refuse, resolve: refuse },
    passOver: refuse,
    enqueue: refuse,
    now: () => new Date(),
  });
  return concurrently(orders, IN_FLIGHT, async (i) => {
    const key = transactionKey('bench', `${name}-${i}`);
    const at = new Date().toISOString();
    await runner.start(key, firstState(i, at), {
      step: 'intake_received',
      status: 'completed',
      attempt: 1,
      system: 'shopify-us',
      direction: 'inbound',
      started_at: at,
      ended_at: at,
      parent_span_id: '',
      attributes: { intake_seq: String(i), ref_external_id: String(i), ref_order_number: `#${i}` },
    });
  });
}

const names = Array.from({ length: STEPS }, (_, i) => `nothing_${i + 1}`);

function flowOfNothing(): Flow<OrderData, undefined> {
  const steps = names.map((name, i): InlineStep<OrderData, undefined> => {
    const next = names[i + 1];
    return {
      kind: 'inline',
      name,
      next: () => next ?? name,
      run: () => ({ status: 'completed', ...(next === undefined ? { finish: true } : {}) }),
    };
  });
  return {
    name: 'order_to_cash',
    steps: new Map(steps.map((step) => [step.name, step])),
    deadline: () => '',
    cancelled: 'cancelled',
    env: undefined,
  };
}

/** The checkpoint of an order well under way: acknowledged, booked, shipped in one parcel. */
function firstState(i: number, at: string): FlowState<OrderData> {
  return {
    step: 'nothing_1',
    phase: 'forward',
    effects: ['reserve_stock', 'acknowledge_channel', 'erp_create_sales_order', 'wms_release'],
    attempt: 0,
    failures: 0,
    inbox: [],
    signals: [`shipment:${i}`],
    sla_class: 'standard',
    payload_version: 1,
    trace_id: randomBytes(16).toString('hex'),
    root_span_id: newSpanId(),
    dimensions: {
      business_key: `#${i}`,
      occurred_at: at,
      channel: 'web-us',
      region: 'us',
      legal_entity: 'us-retail',
      brand: 'northwind',
      location: 'dc-east',
      sku: '',
      amount: '59.97',
      currency: 'USD',
      origin: 'simulated',
    },
    labels: { tier: 'standard' },
    deadline: at,
    data: {
      ...emptyOrderData('shopify-us', i),
      canonical_seq: i,
      location: 'dc-east',
      acknowledged_id: `gid-${i}`,
      erp_order: { id: String(i), number: `SO-${i}` },
      wms_order: `WO-${i}`,
      shipments: [
        {
          shipment_id: `SH-${i}`,
          location: 'dc-east',
          carrier: 'UPS',
          tracking_number: `1Z999AA1${i}`,
          shipped_at: at,
          lines: [{ line_id: `${i}1`, sku: `SKU-${i}`, quantity: 2 }],
        },
      ],
      reserved_lines: randomBytes(16).toString('hex'),
    },
  };
}

async function eventBytes(nc: NatsConnection): Promise<number> {
  const manager = await jetstreamManager(nc);
  const { last_seq } = (await manager.streams.info(streams.steps)).state;
  return (await manager.streams.getMessage(streams.steps, { seq: last_seq }))?.data.length ?? 0;
}
