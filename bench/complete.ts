import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { type Catalogue, createCatalogue } from '#simulator/catalogue/catalogue.ts';
import { createIntakeClient, type Delivery } from '#simulator/intake-client.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { shopifyWebhook } from '#simulator/shopify-webhook.ts';
import { fillMasterData, ITEMS_SOLD } from '#tests/chaos/master-data.ts';
import { secretsOf } from '#tests/chaos/estate-file.ts';
import { orderDraft } from '#tests/support/engine.ts';
import { freePort, startNats } from '#tests/support/nats.ts';
import { controlToken } from '#tests/support/simulator.ts';
import { type Child, cpuSeconds, startChild, untilReady } from './child.ts';
import { at, concurrently, round } from './concurrently.ts';
import { writeOpenEstate } from './open-estate.ts';

export interface CompleteFigures {
  /** Orders a second, from the first webhook posted to the last order settled. */
  orders_per_s: number;
  orders: number;
  /** Webhooks a second that the intake answered with 200, while the flows were running too. */
  accepted_per_s: number;
  steps_per_order: number;
  /** CPU milliseconds an order costs in each process. */
  cpu_ms: Record<string, number>;
  /** Seconds after the first webhook by which a share of the orders had settled. */
  settled_p50_s: number;
  settled_p99_s: number;
}

const FIRST_ID = 6_000_000_001;
const POSTS_IN_FLIGHT = 32;
const PATIENCE_MS = 300_000;

interface Stage {
  nc: NatsConnection;
  estate: Estate;
  catalogue: Catalogue;
  simulatorUrl: string;
  intakeUrl: string;
  pids: Record<string, number>;
  secret(name: string): string;
}

/**
 * Orders from a signed Shopify webhook to settled, every service a process of its own: NATS, the simulated vendors
 * (no latency, no limits, parcels that ship at once), one engine, ingest. The estate's own limits are lifted too.
 */
export async function benchComplete(options: { orders?: number; profiles?: string } = {}): Promise<CompleteFigures> {
  const { orders = 3_000, profiles } = options;
  return onStage(profiles, async (stage) => {
    // Not counted: connections open, code warms up, stock writers and leases are there.
    await carry(stage, FIRST_ID, Math.ceil(orders / 10));
    return carry(stage, FIRST_ID + orders, orders);
  });
}

async function carry(stage: Stage, firstId: number, orders: number): Promise<CompleteFigures> {
  const deliveries = await place(stage, firstId, orders);
  const settled = watchSettled(stage.nc);
  const client = createIntakeClient({ url: stage.intakeUrl, log: silentLog, timeoutMs: 30_000 });
  const before = cpuSeconds(stage.pids);
  const began = performance.now();
  const postedMs = await concurrently(orders, POSTS_IN_FLIGHT, async (i) => {
    const delivery = deliveries[i];
    if (delivery === undefined || !(await client.deliver(delivery))) throw new Error('the intake refused a webhook');
  });
  await settled.until(orders);
  const ms = (settled.at.at(-1) ?? 0) - began;
  const after = cpuSeconds(stage.pids);
  await client.close();
  settled.stop();
  const cpu = Object.entries(after).map(([name, used]) => [
    name,
    round(((used - (before[name] ?? 0)) * 1_000) / orders, 2),
  ]);
  const seconds = settled.at.map((when) => (when - began) / 1_000);
  return {
    orders_per_s: round((orders * 1_000) / ms, 1),
    orders,
    accepted_per_s: round((orders * 1_000) / postedMs, 1),
    steps_per_order: round(settled.steps / orders, 1),
    cpu_ms: Object.fromEntries(cpu) as Record<string, number>,
    settled_p50_s: round(at(seconds, 0.5), 1),
    settled_p99_s: round(at(seconds, 0.99), 1),
  };
}

/** Sees every step event go by; only those that settle an order are read. */
function watchSettled(nc: NatsConnection) {
  const mark = Buffer.from('"step":"settle"');
  const done = new Set<string>();
  const times: number[] = [];
  let steps = 0;
  const subscription = nc.subscribe(subjects.allSteps, {
    callback: (error, message) => {
      if (error !== null) return;
      steps++;
      if (!Buffer.from(message.data.buffer, message.data.byteOffset, message.data.length).includes(mark)) return;
      const { step, status, key } = message.json<StepEvent>();
      if (step !== 'settle' || status !== 'completed' || done.has(key)) return;
      done.add(key);
      times.push(performance.now());
    },
  });
  return {
    at: times,
    get steps() {
      return steps;
    },
    until: async (count: number): Promise<void> => {
      const giveUpAt = Date.now() + PATIENCE_MS;
      while (done.size < count) {
        if (Date.now() > giveUpAt) throw new Error(`only ${done.size} of ${count} orders were settled`);
        await delay(20);
      }
    },
    stop: () => subscription.unsubscribe(),
  };
}

/** Has customers place orders of one or two items in the shop. @returns the webhooks that tell of them. */
async function place(stage: Stage, firstId: number, orders: number) {
  const { estate, catalogue, simulatorUrl } = stage;
  const shop = estate.systems.find(({ id }) => id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const deliveries: Delivery[] = [];
  await concurrently(orders, 16, async (i) => {
    const id = firstId + i;
    const shelf = catalogue.active.slice(0, ITEMS_SOLD);
    const chosen = { active: [...shelf.slice(i % (ITEMS_SOLD - 1)), ...shelf] };
    const draft = orderDraft({ catalogue: { ...catalogue, ...chosen } }, { id, number: id % 1_000_000 });
    const lines = draft.lines.slice(0, 1 + (i % 2));
    const body = JSON.stringify(buildShopifyOrder({ ...draft, lines, placedAt: new Date() }, shop));
    const answer = await fetch(`${simulatorUrl}/_sim/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sim-token': controlToken },
      body: JSON.stringify({ system: 'shopify-us', order: body }),
    });
    if (answer.status !== 200) throw new Error(`the shop answered ${answer.status}: ${await answer.text()}`);
    const webhook = { topic: 'orders/create', shop, secret: stage.secret('SHOPIFY_US_SECRET'), body };
    deliveries[i] = shopifyWebhook({ ...webhook, triggeredAt: new Date() });
  });
  return deliveries;
}

async function onStage<T>(profiles: string | undefined, run: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-bench-'));
  const nats = await startNats();
  const children: Child[] = [];
  const nc = await connectNats({ url: nats.url, name: 'bench', log: silentLog });
  try {
    await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
    const [simulator = 0, smtp = 0, intake = 0, engineOps = 0, ingestOps = 0] = await Promise.all(
      Array.from({ length: 5 }, () => freePort()),
    );
    const local = (port: number) => `http://127.0.0.1:${port}`;
    const addresses = {
      SIMULATOR_URL: local(simulator),
      SIMULATOR_SMTP: `smtp://127.0.0.1:${smtp}`,
      EDI_DIR: join(folder, 'edi'),
    };
    const estateFile = join(folder, 'estate.yaml');
    const estate = writeOpenEstate(estateFile, addresses);
    const secrets = secretsOf(estate);
    const shared = { ...addresses, ...secrets, NATS_URL: nats.url, ESTATE_FILE: estateFile, LOG_LEVEL: 'warn' };
    const started = {
      simulator: startChild('bench/estate-process.ts', {}, { args: [String(simulator), String(smtp), local(intake)] }),
      engine: startChild(
        'sync-engine/main.ts',
        { ...shared, PORT: String(intake), OPS_PORT: String(engineOps) },
        { profiles },
      ),
      ingest: startChild('ingest/main.ts', {
        NATS_URL: nats.url,
        CLICKHOUSE_PATH: join(folder, 'clickhouse'),
        OPS_PORT: String(ingestOps),
        OTLP_PORT: '0',
        LOG_LEVEL: 'warn',
      }),
    };
    children.push(...Object.values(started));
    await Promise.all([
      untilReady(`${local(engineOps)}/readyz`),
      untilReady(`${local(ingestOps)}/readyz`),
      untilReady(`${local(simulator)}/readyz`),
    ]);
    const catalogue = createCatalogue('northwind');
    await fillMasterData(nc, estate, { catalogue });
    return await run({
      nc,
      estate,
      catalogue,
      simulatorUrl: local(simulator),
      intakeUrl: local(intake),
      pids: {
        nats: nats.pid,
        simulator: started.simulator.pid,
        engine: started.engine.pid,
        ingest: started.ingest.pid,
        bench: process.pid,
      },
      secret: (name) => secrets[name] ?? '',
    });
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await nc.close();
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  }
}
