import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { System } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import { resolveSecret } from '#platform/estate.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { callVerb } from '#sync-engine/connectors/call.ts';
import { type Connector, ConnectorError, type Send, type Verb } from '#sync-engine/connectors/connector.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import type { Services } from '#sync-engine/connectors/services.ts';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { startSimulator, testEstate, testSecret } from './simulator.ts';

export const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Every connector over real HTTP (or SMTP) against the simulated vendor, also where the answer is lost. */
export class TestConnectors {
  readonly simulator: Simulator;
  readonly #connectors: ReadonlyMap<string, Connector>;
  #last = 5_000_000_000_000;

  private constructor(simulator: Simulator, connectors: ReadonlyMap<string, Connector>) {
    this.simulator = simulator;
    this.#connectors = connectors;
  }

  static async start(): Promise<TestConnectors> {
    const simulator = await startSimulator();
    return new TestConnectors(
      simulator,
      new Map(testEstate(simulator).systems.map((system) => [system.id, open(system)])),
    );
  }

  async close(): Promise<void> {
    for (const connector of this.#connectors.values()) await connector.transport.close();
    await this.simulator.close();
  }

  sendTo(system: string): Send {
    const { transport } = this.#of(system);
    return (call) => transport.send(call, { traceparent });
  }

  verbOf<Name extends keyof Services>(system: string, name: Name): NonNullable<Services[Name]> {
    const verb = this.#of(system).services[name];
    if (verb === undefined) throw new Error(`${system} offers no ${name}`);
    return verb;
  }

  async perform<Input, Output>(system: string, verb: Verb<Input, Output>, input: Input): Promise<Output> {
    return (await callVerb(verb, input, this.sendTo(system))).output;
  }

  /** The call takes effect, but its answer is lost; then the look-up finds what it achieved. */
  async loseAnswerAndFind<Input, Output>(system: string, verb: Verb<Input, Output>, input: Input): Promise<Output> {
    const looked = verb.before === undefined ? undefined : await this.sendTo(system)(verb.before(input));
    this.simulator.conditions.setFault(system, 'lost_answer', 1);
    const failure = await failureOf(this.sendTo(system)(verb.prepare(input, looked)));
    expect(failure).toMatchObject({ retryable: true, mayHaveHappened: true });
    this.simulator.conditions.clearFaults();
    const found = await verb.find?.(input, this.sendTo(system));
    if (found === undefined) throw new Error('the look-up did not find what happened');
    return found;
  }

  /** What a vendor keeps in a list of its own with this value. */
  find(system: string, name: string, field: string, value: string): Record<string, unknown>[] {
    const list = this.simulator.state(system)[system]?.[name];
    if (!Array.isArray(list)) throw new Error(`${system} keeps no ${name}`);
    return (list as Record<string, unknown>[]).filter((item) => item[field] === value);
  }

  /** An order of products the simulated estate knows, two lines, placed at its shop. */
  placed(): Order {
    const external_id = String(++this.#last);
    const skus = this.simulator.catalogue.items.filter((item) => item.active).slice(0, 2);
    const base = canonicalOrder();
    const order = canonicalOrder({
      system: 'shopify-us',
      channel: 'web-us',
      legal_entity: 'us-retail',
      external_id,
      number: `#${external_id}`,
      lines: base.lines
        .slice(0, 2)
        .map((line, i) => ({ ...line, sku: skus[i]?.sku ?? '', line_id: `${external_id}${i}` })),
      totals: { ...base.totals, subtotal: '79.99', total: '88.08' },
      payments: [{ gateway: 'shopify_payments', kind: 'authorization', amount: '88.08', reference: external_id }],
    });
    this.simulator.placeOrder('shopify-us', JSON.stringify(asShopTells(order)));
    return order;
  }

  #of(system: string): Connector {
    const connector = this.#connectors.get(system);
    if (connector === undefined) throw new Error(`no connector for ${system}`);
    return connector;
  }
}

function open(system: System): Connector {
  return new Kinds({ systems: [system] })
    .of(system.id)
    .open(system, (name) => resolveSecret(name, { [name.slice(4)]: testSecret(name.slice(4)) }));
}

function asShopTells(order: Order): object {
  const body = JSON.parse(readFileSync(new URL('../fixtures/shopify-order.json', import.meta.url), 'utf8')) as object;
  return {
    ...body,
    id: Number(order.external_id),
    name: order.number,
    total_price: '88.08',
    tags: 'vip, gift-wrap',
    note_attributes: [{ name: 'gift_message', value: 'Happy birthday' }],
    line_items: order.lines.map((line) => ({ id: Number(line.line_id), sku: line.sku, quantity: line.quantity })),
  };
}

/** What a call failed of. @throws where it did not */
export async function failureOf(call: Promise<unknown>): Promise<ConnectorError['detail']> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error.detail;
  throw error;
}

/** A parcel with all of an order. */
export const parcel = (order: Order, changes: Partial<ReturnType<typeof shipment>> = {}) =>
  shipment({
    shipment_id: `WH-${order.external_id}-1`,
    lines: order.lines.map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity })),
    ...changes,
  });
