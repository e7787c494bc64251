import { describe, expect, test } from 'vitest';
import { glimpseOrder } from './glimpse-json.ts';

const glimpse = (text: string) => glimpseOrder(Buffer.from(text));

describe('a first look at an order', () => {
  test('finds what names it in a Shopify payload, its long id to the last digit', () => {
    const text =
      '{"id":9007199254740993123,"name":"#1001","created_at":"2026-10-01T05:00:00-04:00","currency":"USD","total_price":"12.30","cancel_reason":"fraud"}';
    expect(glimpse(text)).toEqual({
      externalId: '9007199254740993123',
      number: '#1001',
      placedAt: '2026-10-01T09:00:00.000Z',
      currency: 'USD',
      total: '12.30',
      cancelReason: 'fraud',
    });
  });

  test('finds the same in an order of the channel API', () => {
    const text =
      '{"external_id":"MP-1","number":"1","placed_at":"2026-10-01T09:00:00.000Z","currency":"EUR","totals":{"total":"5.00"}}';
    expect(glimpse(text)).toMatchObject({ externalId: 'MP-1', number: '1', currency: 'EUR', total: '5.00' });
  });

  test.each(['', 'no json', 'null', '[]', '"text"', '42', '{}', '{"totals":null}'])(
    'leaves out what is not there and never fails: %s',
    (text) => expect(glimpse(text)).toEqual({}),
  );

  test('leaves out what cannot be what it is called', () => {
    const text = '{"id":{"a":1},"name":"  ","created_at":"yesterday","currency":"dollars","total_price":"a lot"}';
    expect(glimpse(text)).toEqual({});
  });

  test('takes no more of a name than can be kept', () => {
    const { externalId, number } = glimpse(JSON.stringify({ id: 'x'.repeat(500), name: 'y'.repeat(500) }));
    expect(externalId).toHaveLength(128);
    expect(number).toHaveLength(64);
  });
});
