import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { system } from '#contracts/v1/estate.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import type { Connector, PreparedCall, Send } from '#sync-engine/connectors/connector.ts';
import type { VerbInput } from '#sync-engine/connectors/services.ts';
import { x12Partner } from '#sync-engine/connectors/x12-partner/index.ts';
import { openExchangeBook } from '#sync-engine/files/exchange-book.ts';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

/** Documents to a partner under numbers that warehouses and ERPs give, each by its own count. */
const root = mkdtempSync(join(tmpdir(), 'x12-names-'));
let nats: TestNats;
let nc: NatsConnection;
let connector: Connector;

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  const partner = system.parse({
    id: 'northfield',
    name: 'Northfield Stores',
    role: 'channel',
    kind: 'x12-partner',
    base_url: 'file:drop',
    settings: { 'drop.in': join(root, 'in'), 'drop.out': join(root, 'out') },
    partner: {
      us: { qualifier: 'ZZ', id: 'HARBOURGOODS', group: 'HARBOURGOODS' },
      them: { qualifier: '08', id: '9254110060', group: '9254110060' },
    },
  });
  connector = x12Partner.open(partner, () => '', await openExchangeBook(nc));
});
afterAll(async () => {
  await nc.close();
  await nats.close();
  rmSync(root, { recursive: true });
});

const send: Send = (call) => connector.transport.send(call, { traceparent: '', timeoutMs: 5_000 });
const files = async (set: string): Promise<number> =>
  (await readdir(join(root, 'out'))).filter((name) => name.startsWith(set)).length;

describe.each(['create_fulfilment', 'send_invoice'] as const)('%s', (name) => {
  const set = name === 'send_invoice' ? '810' : '856';
  const inputOf = (external_id: string, number: string) => {
    const order = canonicalOrder({ external_id, number: external_id });
    return {
      ...{ order, number, issuedAt: '2026-02-17T09:00:00.000Z' },
      shipment: shipment({ shipment_id: number }),
    } satisfies VerbInput<'create_fulfilment'> & VerbInput<'send_invoice'>;
  };
  type Input = ReturnType<typeof inputOf>;
  const prepare = (input: Input): PreparedCall => verb().prepare(input);
  const find = (input: Input) => verb().find?.(input, send);
  function verb() {
    const { create_fulfilment, send_invoice } = connector.services;
    const found = name === 'send_invoice' ? send_invoice : create_fulfilment;
    if (found === undefined) throw new Error(`it offers no ${name}`);
    return found;
  }
  /** As documents were named before their order was part of it. */
  const formerly = (input: Input): PreparedCall => ({ ...prepare(input), path: `/${set}-${input.number}` });

  test('of two orders under one number are two documents, each found again', async () => {
    const [first, second] = [inputOf('NF-1', '77'), inputOf('NF-2', '77')];
    expect((await send(prepare(first))).status).toBe(200);
    expect(await find(second)).toBeUndefined();
    expect((await send(prepare(second))).status).toBe(200);
    expect(await files(set)).toBe(2);
    expect((await send(prepare(first))).status).toBe(200);
    expect(await find(first)).toBeDefined();
    expect(await files(set)).toBe(2);
  });

  test('tells orders and numbers apart wherever a dash or slash stands in them', () => {
    const names = [inputOf('NF', '1-77'), inputOf('NF-1', '77'), inputOf('NF/1', '77'), inputOf('NF', '1/77')];
    expect(new Set(names.map((input) => prepare(input).path)).size).toBe(4);
  });

  test('begun under the name of before is found by it, but not another order that had it', async () => {
    const input = inputOf('NF-3', '88');
    expect((await send(formerly(input))).status).toBe(200);
    expect(await find(input)).toBeDefined();
    expect(await find(inputOf('NF-4', '88'))).toBeUndefined();
  });
});
