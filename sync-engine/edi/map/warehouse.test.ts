import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { ediPartner, interchangeOf, setOf } from '#tests/fixtures/edi.ts';
import type { ReleasedOrder } from '../../connectors/topics.ts';
import type { Partner } from '../partner.ts';
import { acceptedSets, readX12 } from '../read/read-x12.ts';
import type { OutSet } from '../write/outgoing.ts';
import { writeX12 } from '../write/write-x12.ts';
import type { CodeContext } from './codes.ts';
import { countsOfInventory, inventorySet } from './inventory.ts';
import { changesOfReceipt } from './receipt.ts';
import { noticeOfShipment } from './ship-notice.ts';
import { shipmentsOfAdvice } from './shipping-advice.ts';
import { readSingleSet } from './single-set.ts';
import { depositorOrderNumber, warehouseCancellation, warehouseOrder } from './warehouse-order.ts';

const partner = ediPartner({ locations: { W01: 'dc-one', W02: 'dc-two' }, units: { EA: 1, CA: 12 } });
const functionalIds: Readonly<Record<string, string>> = { '846': 'IB', '856': 'SH', '944': 'RE', '945': 'SW' };
const context: CodeContext = {
  partner,
  system: 'wms-one',
  mapping: (kind, code) => (kind === 'sku' && code === 'OLD-1' ? 'TOTE-MOSS' : undefined),
};

function received(id: string, body: string) {
  const text = interchangeOf([setOf(id, body)], { functionalId: functionalIds[id] ?? '' });
  const read = readSingleSet(text, id, partner);
  if ('problems' in read) throw new Error(read.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return read.received;
}

function written(set: OutSet, by: Partner = partner): string[] {
  const result = writeX12(by, {
    controlNumber: 1,
    at: '2026-02-15T09:30:00.000Z',
    groups: [{ controlNumber: 1, sets: [set] }],
  });
  if ('errors' in result) throw new Error(result.errors.map(({ path, message }) => `${path} ${message}`).join('; '));
  return Buffer.from(result.bytes).toString().split('~').slice(2, -3);
}

const problems = (reading: object) =>
  'problems' in reading
    ? (reading.problems as { error_code: string; path: string }[]).map(({ error_code, path }) => [error_code, path])
    : [];

describe('a release to a warehouse', () => {
  const release = {
    order: canonicalOrder({ tier: 'express' }),
    reference: 'marketplace-uk==5882913048619122731',
    location: 'dc-one',
    lines: [
      { line_id: '11', sku: 'TOTE-MOSS', quantity: 2 },
      { line_id: '12', sku: 'MUG-01', quantity: 1 },
    ],
  };

  test('is written as a shipping order that is the same for every attempt', () => {
    expect(written(warehouseOrder(release, partner))).toEqual([
      'ST*940*0001',
      `W05*N*${depositorOrderNumber(release.reference)}*#1001`,
      'N1*ST*Harbour Studio',
      'N2*Mara Lindqvist',
      'N3*18 Quay Street',
      'N4*Albany*NY*12207*US',
      'N1*SF**92*W01',
      'N9*CO*#1001',
      'N9*CR*marketplace-uk==58829130486191*22731',
      'G62*04*20260215',
      'NTE*DEL*EXPRESS',
      'W66*PP*ZZ***STD',
      ...['LX*1', 'W01*2*EA**VN*TOTE-MOSS', 'G69*Oiled Canvas Tote', 'N9*LI*11'],
      ...['LX*2', 'W01*1*EA**VN*MUG-01', 'G69*Mug', 'N9*LI*12'],
      'W76*3',
      'SE*22*0001',
    ]);
    expect(written(warehouseOrder({ ...release }, partner))).toEqual(written(warehouseOrder(release, partner)));
  });

  test('is known by a number of at most 22 characters, always the same', () => {
    expect(depositorOrderNumber('shop==1')).toBe('shop==1');
    expect(depositorOrderNumber(release.reference)).toMatch(/^S[0-9A-F]{21}$/);
    expect(depositorOrderNumber(`${release.reference}x`)).not.toBe(depositorOrderNumber(release.reference));
  });

  test('of a later allocation has a number of its own without delimiters, and names its order', () => {
    const second = { ...release, reference: 'shop==1~2' };
    const number = depositorOrderNumber(second.reference);
    expect(number).toMatch(/^S[0-9A-F]{21}$/);
    const segments = written(warehouseOrder(second, partner));
    expect(segments).toContain(`W05*N*${number}*#1001`);
    expect(segments).toContain('N9*CR*shop==1');
    expect(written(warehouseCancellation(second))).toContain(`W05*F*${number}`);
  });

  test('is cancelled under the same number', () => {
    expect(written(warehouseCancellation(release))).toEqual([
      'ST*940*0001',
      `W05*F*${depositorOrderNumber(release.reference)}`,
      'SE*3*0001',
    ]);
  });
});

describe('a shipping advice', () => {
  const released: ReleasedOrder = {
    orderKey: 'shop==1',
    location: 'dc-one',
    lines: [
      { line_id: '11', sku: 'TOTE-MOSS', quantity: 2 },
      { line_id: '12', sku: 'TOTE-MOSS', quantity: 1 },
      { line_id: '13', sku: 'MUG-01', quantity: 24 },
    ],
  };
  const advice = (body: string, at: ReleasedOrder = released) =>
    shipmentsOfAdvice(received('945', body), { ...context, released: (number) => (number === 'R1' ? at : undefined) });
  const head = 'W06*F*R1*20260216*SHP-9\nN1*SF**92*W01\nG62*11*20260216*W*1415\nW27*M*UPSN*UPS Ground';

  test('becomes a shipment with carrier, tracking and the lines as released', () => {
    const reading = advice(
      `${head}\nLX*1\nMAN*CP*1Z999\nW12*CC*2*2**EA**VN*TOTE-MOSS\nN9*LI*11\nW12*CC*24*2**CA**VN*MUG-01\nN9*LI*13\nW03*26`,
    );
    expect(reading).toEqual({
      message: [
        {
          schema_version: 1,
          shipment_id: 'SHP-9',
          order_key: 'shop==1',
          location: 'dc-one',
          carrier: 'UPS Ground',
          tracking_number: '1Z999',
          shipped_at: '2026-02-16T14:15:00.000Z',
          lines: [
            { line_id: '11', sku: 'TOTE-MOSS', quantity: 2 },
            { line_id: '13', sku: 'MUG-01', quantity: 24 },
          ],
        },
      ],
    });
  });

  test('becomes one shipment a package, and finds lines by product where none is named', () => {
    const reading = advice(
      `${head}\nLX*1\nMAN*CP*1Z1\nW12*CC*2*2**EA**VN*OLD-1\nLX*2\nMAN*CP*1Z2\nW12*CC*1*1**EA**VN*TOTE-MOSS\nW12*BP*24*0*24*EA**VN*MUG-01`,
    );
    expect(reading).toMatchObject({
      message: [
        { shipment_id: 'SHP-9-1', tracking_number: '1Z1', lines: [{ line_id: '11', quantity: 2 }] },
        { shipment_id: 'SHP-9-2', tracking_number: '1Z2', lines: [{ line_id: '12', quantity: 1 }] },
      ],
    });
  });

  test.each([
    ['a number that is not ours', head.replace('R1', 'R2'), 'unknown_release', '/945[1]/W06[1]/W0602'],
    ['a product that was not released', `${head}\nLX*1\nW12*CC*1*1**EA**VN*LAMP`, 'unknown_line', '/945[1]/W12[1]'],
    ['a place that is not mapped', head.replace('W01', 'W09'), 'unknown_location', '/945[1]/N1[1]/N104'],
    ['nothing shipped', `${head}\nLX*1\nW12*BP*2*0*2*EA**VN*TOTE-MOSS`, 'nothing_shipped', '/945[1]/W06[1]'],
  ])('with %s is told where that is', (_, body, code, path) => {
    expect(problems(advice(body))).toContainEqual([code, path]);
  });
});

describe('what changes stock', () => {
  const receipt =
    'W17*F*20260216*RC-77****0815\nN1*WH**92*W01\nW07*2*CA**VN*MUG-01\nW07*6*EA**VN*MUG-01\nW07*5*EA**VN*OLD-1\nW14*13';

  test('a receipt adds what was received, once a product', () => {
    const reading = changesOfReceipt(received('944', receipt), context);
    expect(reading).toMatchObject({
      message: [
        { sku: 'MUG-01', location: 'dc-one', reason: 'receipt', quantity: 30, source: 'wms-one' },
        { sku: 'TOTE-MOSS', quantity: 5, occurred_at: '2026-02-16T08:15:00.000Z', version: 1771229700000 },
      ],
    });
    expect(changesOfReceipt(received('944', receipt), context)).toEqual(reading);
  });

  test('a receipt with damaged goods is not guessed at', () => {
    const damaged = receipt.replace('W07*5', 'W13*1*EA*01\nW07*5');
    expect(problems(changesOfReceipt(received('944', damaged), context))).toEqual([
      ['receipt_exception', '/944[1]/W13[1]'],
    ]);
  });

  const advice =
    'BIA*00*DD*INV-4*20260216*0600\nN1*WH**92*W01\nLIN*1*VN*MUG-01\nQTY*33*7*EA\nQTY*17*9*EA\nLIN*2*VN*OLD-1\nQTY*33*2*CA\nCTT*2';

  test('an inventory advice counts what is there', () => {
    expect(countsOfInventory(received('846', advice), context)).toMatchObject({
      message: [
        { sku: 'MUG-01', location: 'dc-one', reason: 'count', quantity: 9, occurred_at: '2026-02-16T06:00:00.000Z' },
        { sku: 'TOTE-MOSS', quantity: 24 },
      ],
    });
  });

  test('an inventory advice may count place by place', () => {
    const places = 'BIA*00*DD*INV-4*20260216*0600\nLIN*1*VN*MUG-01\nSDQ*EA*92*W01*5*W02*7';
    expect(countsOfInventory(received('846', places), context)).toMatchObject({
      message: [
        { location: 'dc-one', quantity: 5 },
        { location: 'dc-two', quantity: 7 },
      ],
    });
  });

  test.each([
    ['no count', advice.replace('QTY*33*2*CA\n', ''), 'missing_count', '/846[1]/LIN[2]/QTY'],
    ['no place', advice.replace('N1*WH**92*W01\n', ''), 'missing_location', '/846[1]/LIN[1]/N1'],
    ['a place that is not mapped', advice.replace('W01', 'W09'), 'unknown_location', '/846[1]/N1[1]/N104'],
  ])('an inventory advice with %s is told where that is', (_, body, code, path) => {
    expect(problems(countsOfInventory(received('846', body), context))).toContainEqual([code, path]);
  });

  test('what may be sold is told to a partner', () => {
    const items = [{ sku: 'MUG-01', location: 'dc-one', quantity: 4 }];
    expect(written(inventorySet({ number: '12', at: '2026-02-15T09:30:00.000Z', items }, partner))).toEqual([
      ...[
        'ST*846*0001',
        'BIA*00*MM*12*20260215*0930',
        'LIN*1*VN*MUG-01',
        'QTY*33*4*EA',
        'N1*WH**92*W01',
        'CTT*1',
        'SE*7*0001',
      ],
    ]);
  });
});

describe('a ship notice', () => {
  const notice = `BSN*00*SN-9*20260216*0900*0001
    HL*1**S
    TD5*B*2*RDWY*M*Roadway
    REF*CN*PRO-1
    DTM*011*20260216
    DTM*017*20260219
    N1*ST**92*W01
    HL*2*1*O
    PRF*4500012
    HL*3*2*P
    MAN*GM*000000100123456147
    HL*4*3*I
    LIN**VN*MUG-01
    SN1**2*CA
    HL*5*2*I
    LIN**VN*OLD-1
    SN1**5*EA
    CTT*5`;

  test('announces goods item by item, with order and package', () => {
    expect(noticeOfShipment(received('856', notice), context)).toEqual({
      message: {
        schema_version: 1,
        notice_id: 'SN-9',
        system: 'wms-one',
        location: 'dc-one',
        carrier: 'Roadway',
        tracking_number: 'PRO-1',
        sent_at: '2026-02-16T09:00:00.000Z',
        shipped_at: '2026-02-16T00:00:00.000Z',
        expected_at: '2026-02-19T00:00:00.000Z',
        lines: [
          { purchase_order: '4500012', sku: 'MUG-01', quantity: 24, package: '000000100123456147' },
          { purchase_order: '4500012', sku: 'TOTE-MOSS', quantity: 5 },
        ],
      },
    });
  });

  test.each([
    ['a level below none that is there', 'HL*4*3*I', 'HL*4*9*I', 'unknown_parent', '/856[1]/HL[4]/HL02'],
    ['a level that hangs nowhere', 'HL*4*3*I', 'HL*4**I', 'missing_parent', '/856[1]/HL[4]/HL02'],
    ['a level twice', 'HL*4*3*I', 'HL*3*2*I', 'repeated_level', '/856[1]/HL[4]/HL01'],
    ['an item without a product', 'LIN**VN*MUG-01\n', '', 'missing_product', '/856[1]/HL[4]/LIN'],
    ['an item without a quantity', 'SN1**2*CA\n', '', 'missing_quantity', '/856[1]/HL[4]/SN1'],
    ['no place to go to', 'N1*ST**92*W01\n', '', 'missing_location', '/856[1]/HL[1]/N1'],
  ])('with %s is told where that is', (_, from, to, code, path) => {
    const changed = notice.replaceAll(/\n\s+/g, '\n').replace(from, to);
    expect(problems(noticeOfShipment(received('856', changed), context))).toContainEqual([code, path]);
  });
});

test('sets of one file become documents of their own', async () => {
  const { documentOfSet } = await import('../write/document-of-set.ts');
  const text = interchangeOf([setOf('945', 'W06*F*R1*20260216', '0001'), setOf('945', 'W06*F*R2*20260216', '0002')], {
    functionalId: 'SW',
    lineBreak: '\r\n',
  });
  const reading = readX12(Buffer.from(text), { partners: [partner] });
  const documents = acceptedSets(reading).map((set) => Buffer.from(documentOfSet(reading, set)).toString());
  expect(documents).toEqual([
    interchangeOf([setOf('945', 'W06*F*R1*20260216', '0001')], { functionalId: 'SW', lineBreak: '\r\n' }),
    interchangeOf([setOf('945', 'W06*F*R2*20260216', '0002')], { functionalId: 'SW', lineBreak: '\r\n' }),
  ]);
});
