import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { x12Warehouse } from '#sync-engine/connectors/x12-3pl/index.ts';
import { depositorOrderNumber } from '#sync-engine/edi/map/warehouse-order.ts';
import type { FileExchange } from '#sync-engine/files/file-exchange.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { advice, interchangeOfWarehouse, warehouseAt, x12WarehouseAt } from '../support/x12-warehouse.ts';

/** What goes wrong between Syncline and a warehouse that exchanges X12 files. */
const root = mkdtempSync(join(tmpdir(), 'x12-trouble-'));
const { put, outgoing, archived, interchange, documents } = warehouseAt(root);
let engine: TestEngine;
let next = 74_000;
/** A defect of a connector, until it is repaired. */
let defect: string | undefined;

beforeAll(async () => {
  engine = await startEngine({
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) => {
        if (one.id !== 'wms-east') return one;
        const warehouse = x12WarehouseAt(root);
        return { ...warehouse, kind: 'own-x12', partner: { ...warehouse.partner, fragments: true } };
      }),
    }),
    engine: {
      connectors: [
        {
          ...x12Warehouse,
          kind: 'own-x12',
          files: (system, secrets) => {
            const exchange = x12Warehouse.files?.(system, secrets);
            if (exchange === undefined) throw new Error('it exchanges files');
            return { ...exchange, take: async (...args) => unlessBroken(exchange, args) };
          },
        },
      ],
    },
  });
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

function unlessBroken(exchange: FileExchange, args: Parameters<FileExchange['take']>) {
  if (defect !== undefined) throw new TypeError(defect);
  return exchange.take(...args);
}

async function released() {
  const id = ++next;
  const key = await engine.placeOrder({ id });
  const number = depositorOrderNumber(key);
  return { id, key, number, order: await outgoing('ST*940*', `W05*N*${number}*`) };
}
const cancel = (id: number) => {
  const shop = engine.estate.systems.find(({ id: system }) => system === 'shopify-us')?.settings['shop_domain'] ?? '';
  const order = buildShopifyOrder(orderDraft(engine.simulator, { id }), shop, { cancelledAt: new Date() });
  return engine.postShopify('orders/cancelled', JSON.stringify(order));
};
const until = (key: string, step: string, status: StepEvent['status']) =>
  engine.until(key, (event) => event.step === step && event.status === status);
const controlOf = (order: string) => /GS\*OW\*[^~]*\*(\d+)\*X\*/.exec(order)?.[1] ?? '';
const count = async (subject: string): Promise<number> => {
  const info = await engine.manager.streams.info(streams.intake, { subjects_filter: subject });
  return info.state.subjects?.[subject] ?? 0;
};

/** The case of the last message of a topic. */
async function caseOf(topic: string) {
  const subject = `intake.fulfilment.wms-east.${topic}`;
  const message = await vi.waitFor(
    async () => {
      const found = await engine.manager.streams.getMessage(streams.intake, { last_by_subj: subject });
      if (found === null) throw new Error(`nothing came as ${topic}`);
      return found;
    },
    { timeout: 20_000, interval: 50 },
  );
  const key = transactionKey('wms-east', `intake-${message.seq}`);
  return (await engine.until(key, ({ status }) => status === 'quarantined')).at(-1);
}

describe('a cancelled order', () => {
  test('goes out as one 940 that cancels, however often the channel says so', async () => {
    const { id, key, number } = await released();
    await cancel(id);
    await until(key, 'cancelled', 'completed');
    await cancel(id);
    expect(await outgoing(`W05*F*${number}~`)).toContain('ST*940*0001~');
    expect((await documents()).filter((text) => text.includes(`W05*F*${number}`))).toHaveLength(1);
  });

  test('of which an advice came that is wrong has left all the same, and goes on once that is corrected', async () => {
    const { id, key, number, order } = await released();
    const wrong = advice(order, number)
      .replace(/VN\*[^\n]+/, 'VN*NO-SUCH-PRODUCT')
      .replace(/N9\*LI\*[^\n]+/, 'N9*LI*0');
    await put('wrong.x12', interchange('SW', [wrong]));
    expect(await caseOf('x12-945')).toMatchObject({ error_code: 'unknown_line' });
    await cancel(id);
    const events = await until(key, 'wms_release', 'superseded');
    expect(events.at(-1)?.attributes['reason'] ?? '').toContain('had left');
    expect((await documents()).filter((text) => text.includes(`W05*F*${number}`))).toEqual([]);
    await put('right.x12', interchange('SW', [advice(order, number)]));
    await until(key, 'capture_payment', 'completed');
  });

  test('that ships all the same is a case that says so', async () => {
    const { id, key, number, order } = await released();
    await cancel(id);
    await until(key, 'cancelled', 'completed');
    await put('too-late.x12', interchange('SW', [advice(order, number)]));
    await archived('too-late.x12');
    expect(await caseOf('x12-945')).toMatchObject({ error_code: 'order_is_over' });
  });
});

describe('an interchange number that was used before', () => {
  test('with another content is answered by a TA1, is a case, and nothing of it is taken', async () => {
    const first = await released();
    const second = await released();
    await put('first.x12', interchangeOfWarehouse(901, 'SW', [advice(first.order, first.number)]));
    await until(first.key, 'shipment_confirmed', 'completed');
    await put('second.x12', interchangeOfWarehouse(901, 'SW', [advice(second.order, second.number)]));
    expect(await outgoing('TA1*000000901*', '*R*025~')).not.toContain('ST*997');
    await archived('second.x12');
    expect(await caseOf('x12-repeated')).toMatchObject({
      error_code: 'repeated_interchange',
      error_path: '/ISA[1]/ISA13',
    });
    const events = await engine.events(second.key);
    expect(events.some(({ step }) => step === 'shipment_confirmed')).toBe(false);
  });

  test('does not hide that another interchange of the same file is rejected', async () => {
    const first = await released();
    const second = await released();
    const taken = interchangeOfWarehouse(902, 'SW', [advice(first.order, first.number)]);
    await put('taken.x12', taken);
    await until(first.key, 'shipment_confirmed', 'completed');
    const wrong = interchangeOfWarehouse(903, 'SW', [advice(second.order, second.number, 99)]);
    await put('beside.x12', Buffer.concat([taken, wrong]));
    expect(await caseOf('x12-rejected')).toMatchObject({
      error_code: 'x12_set_4',
      error_path: '/945[2]/SE[1]/SE01',
    });
    await archived('beside.x12');
    await outgoing('TA1*000000902*', '*R*025~');
    await outgoing('AK1*SW*903~', 'AK5*R*4~');
    // Sent whole once more under another name, nothing in it is news.
    const before = await count('intake.fulfilment.wms-east.x12-rejected');
    await put('beside-twice.x12', Buffer.concat([taken, wrong]));
    await archived('beside-twice.x12');
    expect(await count('intake.fulfilment.wms-east.x12-rejected')).toBe(before);
  });

  test('is no news however late it comes again, when no stream remembers it', async () => {
    const { key, number, order } = await released();
    await put('advice.x12', interchange('SW', [advice(order, number)]));
    await until(key, 'shipment_confirmed', 'completed');
    const before = await count('intake.fulfilment.wms-east.x12-945');
    await forgetting(async () => {
      await put('weeks-later.x12', await readFile(join(root, 'in', 'archive', await archived('advice.x12'))));
      await archived('weeks-later.x12');
    });
    expect(await count('intake.fulfilment.wms-east.x12-945')).toBe(before);
  });
});

test('a document without an envelope that comes again after weeks is taken again, and has no second effect', async () => {
  const { key, number, order } = await released();
  const fragment = Buffer.from(`${advice(order, number).split('\n').join('~')}~`);
  await put('fragment.x12', fragment);
  await until(key, 'channel_fulfilment', 'completed');
  const before = await count('intake.fulfilment.wms-east.x12-945');
  await forgetting(async () => {
    await put('again.x12', fragment);
    await archived('again.x12');
  });
  expect(await count('intake.fulfilment.wms-east.x12-945')).toBe(before + 1);
  // What comes behind it is taken, so that it was by then.
  const last = await released();
  await put('last.x12', interchange('SW', [advice(last.order, last.number)]));
  await until(last.key, 'capture_payment', 'completed');
  const events = await engine.events(key);
  for (const step of ['shipment_confirmed', 'capture_payment', 'channel_fulfilment'])
    expect(events.filter((event) => event.step === step && event.status === 'completed')).toHaveLength(1);
});

/** Runs while INTAKE remembers no message ids. */
async function forgetting(act: () => Promise<void>): Promise<void> {
  const { config } = await engine.manager.streams.info(streams.intake);
  await engine.manager.streams.update(streams.intake, { ...config, duplicate_window: 100_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  try {
    await act();
  } finally {
    await engine.manager.streams.update(streams.intake, config);
  }
}

describe('an interchange acknowledgment', () => {
  const answered = (control: number, ta1: string) =>
    interchangeOfWarehouse(control, 'XX', [])
      .toString()
      .replace(/GS[^]*(?=IEA)/, `${ta1.replaceAll('*', '|')}\r\n`)
      .replace('IEA|1', 'IEA|0');

  test('that rejects an interchange of ours is a case with its words', async () => {
    const { order } = await released();
    const control = controlOf(order).padStart(9, '0');
    await put('ta1.x12', Buffer.from(answered(801, `TA1*${control}*261129*0900*R*006`)));
    await archived('ta1.x12');
    const found = await caseOf('x12-ta1');
    expect(found).toMatchObject({ error_code: 'interchange_rejected', error_path: '/TA1[1]/TA104' });
    expect(found?.error_message).toContain(control);
  });

  test('that accepts one, or had it already, is no case', async () => {
    const { order } = await released();
    const control = controlOf(order).padStart(9, '0');
    const before = await count('intake.fulfilment.wms-east.x12-ta1');
    await put('accepted.x12', Buffer.from(answered(802, `TA1*${control}*261129*0900*A*000`)));
    await put('had.x12', Buffer.from(answered(803, `TA1*${control}*261129*0900*R*025`)));
    await archived('accepted.x12');
    await archived('had.x12');
    expect(await count('intake.fulfilment.wms-east.x12-ta1')).toBe(before);
  });
});

test('a file that our own engine cannot take is a case, stays where it is, and is taken once it can be', async () => {
  const { key, number, order } = await released();
  defect = 'the connector has a defect';
  try {
    await put('victim.x12', interchange('SW', [advice(order, number)]));
    const found = await caseOf('x12-untaken');
    expect(found).toMatchObject({ error_code: 'file_not_taken', error_class: 'internal' });
    expect(found?.error_message).toContain('victim.x12');
    expect(found?.error_message).toContain(defect);
  } finally {
    defect = undefined;
  }
  await until(key, 'shipment_confirmed', 'completed');
  await archived('victim.x12');
  expect(await count('intake.fulfilment.wms-east.x12-untaken')).toBe(1);
});
