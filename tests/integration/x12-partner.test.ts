import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { channel, type Estate, system } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { interchangeOf, setOf } from '#tests/fixtures/edi.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ledgers, postReceipt, untilReturn } from '../support/returns.ts';
import { warehouseAt } from '../support/x12-warehouse.ts';

/** A partner who buys from us by X12, from its purchase order to our invoice. */
const root = mkdtempSync(join(tmpdir(), 'x12-partner-'));
const { put, outgoing, archived, documents } = warehouseAt(root);
let engine: TestEngine;
let control = 300;
let next = 4_100;

/** With a profile of its own: units, and their product codes first. */
const withPartner = (base: Estate): Estate => ({
  ...base,
  systems: [
    ...base.systems.filter(({ id }) => id !== 'northfield'),
    system.parse({
      id: 'northfield',
      name: 'Northfield Stores',
      role: 'channel',
      kind: 'x12-partner',
      base_url: 'file:drop',
      settings: { 'drop.in': join(root, 'in'), 'drop.out': join(root, 'out'), 'drop.poll_ms': '20' },
      partner: {
        us: { qualifier: 'ZZ', id: 'HARBOURGOODS', group: 'HARBOURGOODS' },
        them: { qualifier: '08', id: '9254110060', group: '9254110060' },
        units: { EA: 1, CA: 12 },
        sku: { read: ['BP', 'VN'], write: 'VN' },
      },
    }),
  ],
  channels: [
    ...base.channels.filter(({ id }) => id !== 'northfield'),
    channel.parse({
      id: 'northfield',
      name: 'Northfield Stores',
      system: 'northfield',
      payment: 'northfield',
      region: 'us',
      brand: 'northwind',
      legal_entity: 'us-retail',
      currency: 'USD',
      locations: ['dc-east'],
      on_account: true,
    }),
  ],
});

beforeAll(async () => {
  engine = await startEngine({ estate: withPartner });
  await map('NF-770', sku(0));
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

const sku = (index: number): string => engine.simulator.catalogue.active[index]?.sku ?? '';
async function map(code: string, target: string): Promise<void> {
  const master = await createMasterData(engine.nc, silentLog);
  const changed = { changed_by: 'test', changed_at: new Date().toISOString(), reason: 'test' };
  await master.putMapping({ kind: 'sku', system: 'northfield', code, target, ...changed });
  master.stop();
}

/** Two cases of twelve at 20.00 a piece under their own code, and three pieces under ours: 539.97. */
const purchaseOrder = (
  number: string,
  { purpose = '00', code = 'NF-770', count }: { purpose?: string; code?: string; count?: number } = {},
) =>
  setOf(
    '850',
    [
      `BEG*${purpose}*SA*${number}**20260215`,
      'N1*BY*Northfield Stores*92*NF01',
      'N1*ST*Northfield DC*92*NF-DC',
      'N3*9 Ring Road',
      'N4*Albany*NY*12207*US',
      `PO1*1*2*CA*20.00*PE*BP*${code}`,
      `PO1*2*3*EA*19.99**VN*${sku(1)}`,
      'CTT*2',
    ].join('\n'),
    '0001',
    count,
  );
const interchange = (functionalId: string, sets: readonly string[]) => {
  control += 1;
  const numbers = { control: String(control).padStart(9, '0'), groupControl: String(control) };
  return Buffer.from(interchangeOf(sets, { functionalId, ...numbers }));
};
async function order(changes: Parameters<typeof purchaseOrder>[1] = {}) {
  const number = `NF-${++next}`;
  await put(`${number}.x12`, interchange('PO', [purchaseOrder(number, changes)]));
  return { number, key: transactionKey('northfield', number) };
}
const until = (key: string, step: string, status = 'completed') =>
  engine.until(key, (event) => event.step === step && event.status === status);
const completed = async (key: string) =>
  (await engine.events(key)).filter(({ status }) => status === 'completed').map(({ step }) => step);
const controlOf = (document: string): string => /GS\*[^~]*\*(\d+)\*X\*/.exec(document)?.[1] ?? '';
async function caseOf(topic: string) {
  const subject = `intake.fulfilment.northfield.${topic}`;
  const message = await vi.waitFor(
    async () => {
      const found = await engine.manager.streams.getMessage(streams.intake, { last_by_subj: subject });
      if (found === null) throw new Error(`nothing came as ${topic}`);
      return found;
    },
    { timeout: 20_000, interval: 50 },
  );
  const key = transactionKey('northfield', `intake-${message.seq}`);
  return (await engine.until(key, ({ status }) => status === 'quarantined')).at(-1);
}

test('a purchase order is acknowledged, shipped, announced and, once the ERP has posted it, invoiced under its number', async () => {
  const { number, key } = await order();
  const events = await until(key, 'settle');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(events.filter(({ system, status }) => system === 'northfield' && status === 'retrying')).toEqual([]);
  await outgoing('AK1*PO*', 'AK5*A~');
  const answer = await outgoing(`BAK*00*AD*${number}*20260215`);
  // In our units, since cases are theirs.
  expect(answer).toContain(`PO1*1*24*EA*20.00**VN*${sku(0)}~ACK*IA*24*EA~`);
  expect(answer).toContain('ACK*IA*3*EA~');
  const notice = await outgoing('ST*856*', `PRF*${number}*`);
  expect(notice).toContain('SN1**24*EA~');
  const posted = events.find(({ step, status }) => step === 'erp_post_invoice' && status === 'completed');
  const invoice = await outgoing('ST*810*', `*${number}~`);
  expect(invoice).toContain(`*${posted?.attributes['document_number']}*20260215*${number}~`);
  expect(invoice).toContain('TDS*53997~');
  const steps = events.filter(({ status }) => status === 'completed').map(({ step }) => step);
  expect(steps.slice(-3)).toEqual(['erp_post_invoice', 'channel_invoice', 'settle']);
  expect(events.find(({ step }) => step === 'capture_payment')).toMatchObject({ status: 'skipped' });
});

test('the same order said once more, or again weeks later, is one order and one of each document', async () => {
  const { number, key } = await order();
  await until(key, 'settle');
  await put('again.x12', interchange('PO', [purchaseOrder(number)]));
  await put('duplicate.x12', interchange('PO', [purchaseOrder(number, { purpose: '07' })]));
  await until(key, 'channel_update_received', 'superseded');
  await archived('again.x12');
  const of = async (what: string) => (await documents()).filter((text) => text.includes(what) && text.includes(number));
  expect(await of('ST*855*')).toHaveLength(1);
  expect(await of('ST*810*')).toHaveLength(1);
  expect((await completed(key)).filter((step) => step === 'erp_create_sales_order')).toHaveLength(1);
});

test('what comes back of an order on account is credited in the books, and no money is given', async () => {
  const { key } = await order();
  await until(key, 'settle');
  const lines = [{ line_id: '2', sku: sku(1), quantity: 3, condition: 'sellable', reason_code: 'wrong_item' }];
  const response = await postReceipt(engine, { receipt_id: 'RC-NF-1', reference: key, lines });
  expect(response.status).toBe(200);
  const returned = transactionKey('wms-east', 'return-RC-NF-1');
  const events = await untilReturn(engine, returned, 'close');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(events.map(({ step }) => step)).not.toContain('refund_payment');
  expect(ledgers(engine).creditsOf(returned)).toEqual([
    expect.objectContaining({ total: 59.97, subsidiary: '2', currency: 'USD' }),
  ]);
});

describe('a product code of theirs that nobody has mapped', () => {
  test('is a case that names it; the order is answered once it is mapped and replayed', async () => {
    const { number, key } = await order({ code: 'NF-999' });
    const stopped = (await until(key, 'validate', 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_class: 'reference' });
    expect(stopped?.error_message).toContain('NF-999');
    expect((await documents()).filter((text) => text.includes('ST*855*') && text.includes(number))).toEqual([]);
    await map('NF-999', sku(0));
    const actor = { id: 'test', roles: ['administrator' as const] };
    await commandOf(engine.nc, 'case.replay', {
      actor,
      case_id: stopped?.case_id ?? '',
      revision: 1,
      note: '',
      override_stale: false,
    });
    await until(key, 'acknowledge_channel');
    await outgoing('ST*855*', number);
  });

  test('is cancelled by a purchase order of purpose 01 without ever having been accepted', async () => {
    const { number, key } = await order({ code: 'NF-998' });
    await until(key, 'validate', 'quarantined');
    await put('cancel.x12', interchange('PO', [purchaseOrder(number, { purpose: '01', code: 'NF-998' })]));
    await until(key, 'cancelled');
    expect((await documents()).filter((text) => text.includes('ST*855*') && text.includes(number))).toEqual([]);
  });
});

test('an order that counts its segments wrongly is rejected by a 997 and a case; sent again rightly it is taken', async () => {
  const { number } = await order({ count: 99 });
  await outgoing('AK1*PO*', 'AK5*R*4~');
  expect(await caseOf('x12-rejected')).toMatchObject({ error_code: 'x12_set_4', error_path: '/850[1]/SE[1]/SE01' });
  const key = transactionKey('northfield', number);
  expect(await engine.events(key)).toEqual([]);
  await put('right.x12', interchange('PO', [purchaseOrder(number)]));
  await until(key, 'acknowledge_channel');
});

test('an unknown unit is a case that names the element', async () => {
  const number = `NF-${++next}`;
  await put('unit.x12', interchange('PO', [purchaseOrder(number).replace('*2*CA*', '*2*PL*')]));
  const events = await until(transactionKey('northfield', number), 'canonicalise', 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'unknown_unit', error_path: '/850[1]/PO1[1]/PO103' });
});

test('an invoice that the partner rejects by 997 is a case with its words', async () => {
  const { number, key } = await order();
  await until(key, 'settle');
  const invoice = await outgoing('ST*810*', `*${number}~`);
  const rejection = `AK1*IN*${controlOf(invoice)}\nAK2*810*0001\nAK3*BIG*2**8\nAK4*2*76*7*X\nAK5*R*5\nAK9*R*1*1*0`;
  await put('rejection.x12', interchange('FA', [setOf('997', rejection)]));
  const found = await caseOf('x12-997');
  expect(found).toMatchObject({ error_code: 'document_rejected' });
  expect(found?.error_message).toContain('The partner rejected our document');
});
