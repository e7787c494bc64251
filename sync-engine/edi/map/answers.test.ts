import { describe, expect, test } from 'vitest';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { ediPartner, interchangeOf } from '#tests/fixtures/edi.ts';
import { readX12 } from '../read/read-x12.ts';
import type { OutSet } from '../write/outgoing.ts';
import { writeX12 } from '../write/write-x12.ts';
import { groupAcknowledged, interchangeAcknowledged } from './acknowledgment.ts';
import { invoiceSet } from './invoice.ts';
import { acknowledgmentOfOrder } from './order-acknowledgment.ts';
import { noticeOfParcel } from './shipment-notice.ts';
import { readSingleSet } from './single-set.ts';

const partner = ediPartner({ locations: { W01: 'dc-one' } });
const at = '2026-02-15T09:30:00.000Z';
const order = canonicalOrder({ number: 'PO-48213' });

function written(set: OutSet): string[] {
  const result = writeX12(partner, { controlNumber: 1, at, groups: [{ controlNumber: 1, sets: [set] }] });
  if ('errors' in result) throw new Error(result.errors.map(({ path, message }) => `${path} ${message}`).join('; '));
  return Buffer.from(result.bytes).toString().split('~').slice(3, -4);
}

describe('the answer to an order', () => {
  const answer = (more: object = {}) =>
    written(acknowledgmentOfOrder({ order, at, outcome: 'accepted', ...more }, partner));

  test('accepts it line by line', () => {
    expect(answer({ reference: 'SO-7' })).toEqual([
      'BAK*00*AD*PO-48213*20260215****SO-7*20260215',
      ...['PO1*11*2*EA*30.00**VN*TOTE-MOSS', 'ACK*IA*2*EA'],
      ...['PO1*12*1*EA*19.99**VN*MUG-01', 'ACK*IA*1*EA'],
      ...['PO1*13*1*EA*50.00**VN*GIFT-50', 'ACK*IA*1*EA'],
      'CTT*3',
    ]);
  });

  test('says what changes, follows later, or is refused', () => {
    const lines = [
      { line_id: '11', accepted: 1, backordered: 1 },
      { line_id: '12', accepted: 0 },
    ];
    expect(answer({ lines }).filter((line) => /^(BAK|ACK)/.test(line))).toEqual([
      'BAK*00*AC*PO-48213*20260215*****20260215',
      ...['ACK*IQ*1*EA', 'ACK*IB*1*EA', 'ACK*IR*1*EA', 'ACK*IA*1*EA'],
    ]);
  });

  test('rejects it as a whole', () => {
    expect(answer({ outcome: 'rejected' }).filter((line) => /^(BAK|ACK)/.test(line))).toEqual([
      'BAK*00*RD*PO-48213*20260215*****20260215',
      ...['ACK*IR*2*EA', 'ACK*IR*1*EA', 'ACK*IR*1*EA'],
    ]);
  });
});

describe('an invoice', () => {
  test('states every amount of the order, to the cent', () => {
    const mapped = invoiceSet({ order, number: 'INV-1', issued_at: at, shipped_at: at }, partner);
    expect('set' in mapped && written(mapped.set)).toEqual([
      'BIG*20260215*INV-1*20260215*PO-48213',
      'CUR*SE*USD',
      ...['N1*BT*Mara Lindqvist', 'N3*18 Quay Street', 'N4*Albany*NY*12207*US'],
      ...['N1*ST*Harbour Studio', 'N2*Mara Lindqvist', 'N3*18 Quay Street', 'N4*Albany*NY*12207*US'],
      'DTM*011*20260215',
      ...['IT1*11*2*EA*30.00**VN*TOTE-MOSS', 'TXI*TX*2.16*4', 'TXI*TX*2.43*4.5', 'PID*F****Oiled Canvas Tote'],
      'SAC*A*C310***600*******02***WINTER10',
      ...['IT1*12*1*EA*19.99**VN*MUG-01', 'TXI*TX*0.80*4', 'PID*F****Mug'],
      ...['IT1*13*1*EA*50.00**VN*GIFT-50', 'PID*F****Gift card'],
      'TDS*13808',
      ...['SAC*C*D240***1000*******06***Standard', 'SAC*A*C310***500*******02***HALF', 'TXI*TX*0.20*4'],
      ...['SAC*C*ZZZZ***250*******06***Duties', 'SAC*C*ZZZZ***100*******06***Tip'],
      'CTT*3',
    ]);
  });

  test('is refused where it could not be said exactly', () => {
    const included = invoiceSet({ order: { ...order, taxes_included: true }, number: '1', issued_at: at }, partner);
    expect(included).toMatchObject({ problems: [{ path: '/taxes_included', document: 'canonical' }] });
    const fine = { ...order, totals: { ...order.totals, total: '138.085' } };
    expect(invoiceSet({ order: fine, number: '1', issued_at: at }, partner)).toMatchObject({
      problems: [{ error_code: 'finer_than_cents', path: '/totals/total' }],
    });
  });
});

test('a parcel is announced to who ordered it', () => {
  const parcel = shipment({ lines: [{ line_id: '11', sku: 'TOTE-MOSS', quantity: 1 }] });
  expect(written(noticeOfParcel({ order, shipment: parcel, at, mark: '000000100123456147' }, partner))).toEqual([
    'BSN*00*WH1-1*20260215*0930*0001',
    ...['HL*1**S*1', 'TD5*B***ZZ*UPS', 'REF*CN*1Z999AA10123456784', 'DTM*011*20260216*1000', 'N1*SF**92*W01'],
    ...['N1*ST*Harbour Studio', 'N2*Mara Lindqvist', 'N3*18 Quay Street', 'N4*Albany*NY*12207*US'],
    ...['HL*2*1*O*1', 'PRF*PO-48213***20260215', 'HL*3*2*P*1', 'MAN*GM*000000100123456147'],
    ...['HL*4*3*I*0', 'LIN*11*VN*TOTE-MOSS', 'SN1**1*EA', 'CTT*4'],
  ]);
});

describe('what a partner made of our documents', () => {
  const acknowledged = (body: string) => {
    const set = ['ST*997*0001', ...body.split('\n'), `SE*${body.split('\n').length + 2}*0001`].join('\n');
    const read = readSingleSet(interchangeOf([set], { functionalId: 'FA' }), '997', partner);
    if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('; '));
    return groupAcknowledged(read.received);
  };

  test('is read set by set, in words', () => {
    expect(
      acknowledged(
        'AK1*PR*7\nAK2*855*0001\nAK5*A\nAK2*855*0002\nAK3*PO1*4**8\nAK4*2*330*6*1O\nAK3*CTT*9**3\nAK5*R*5*4\nAK9*P*2*2*1*5',
      ),
    ).toEqual({
      functionalId: 'PR',
      controlNumber: '7',
      verdict: 'partly_rejected',
      faults: ['Number of sets is wrong'],
      sets: [
        { id: '855', controlNumber: '0001', verdict: 'accepted', faults: [] },
        {
          id: '855',
          controlNumber: '0002',
          verdict: 'rejected',
          faults: [
            'Segments are in error',
            'Number of segments is wrong',
            'PO1 at 4, element 2: Invalid character ("1O")',
            'CTT at 9: Mandatory segment is missing',
          ],
        },
      ],
    });
  });

  test('of a whole interchange is read from its TA1', () => {
    const text = interchangeOf(['TA1*000000041*260215*0930*R*006'])
      .replace(/GS[^~]*~\n/, '')
      .replace(/GE[^~]*~\n/, '')
      .replace('IEA*1', 'IEA*0');
    const [interchange] = readX12(Buffer.from(text), { partners: [partner] }).interchanges;
    expect(interchange?.errors).toEqual([]);
    expect(interchange?.acknowledgments.map(interchangeAcknowledged)).toEqual([
      { controlNumber: '000000041', verdict: 'rejected', code: '006', fault: 'Sender is invalid or unknown' },
    ]);
  });
});
