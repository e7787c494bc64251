import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { canonicaliseChannelApiOrder } from './canonical-order.ts';
import type { CanonicaliseContext } from '../reading.ts';

const context: CanonicaliseContext = { estate: smallEstate, system: 'bazaar', mapping: () => undefined };

function sent(changes: Record<string, unknown> = {}): string {
  const { schema_version, system, region, brand, legal_entity, channel, ...rest } = canonicalOrder({ currency: 'GBP' });
  expect([schema_version, system, region, brand, legal_entity, channel]).toHaveLength(6);
  return JSON.stringify({ ...rest, ...changes });
}

describe('an order of our own channel API', () => {
  test('is completed with what the estate knows of the channel', () => {
    expect(canonicaliseChannelApiOrder(sent(), context)).toMatchObject({
      order: {
        system: 'bazaar',
        channel: 'bazaar',
        region: 'uk',
        brand: 'harbour',
        legal_entity: 'uk-co',
        schema_version: 1,
      },
    });
  });
  test('has its own SKUs mapped', () => {
    const mapping: CanonicaliseContext['mapping'] = (kind, code) =>
      kind === 'sku' && code === 'MUG-01' ? 'MUG-02' : undefined;
    const result = canonicaliseChannelApiOrder(Buffer.from(sent()), { ...context, mapping });
    expect('order' in result && result.order.lines[1]?.sku).toBe('MUG-02');
  });
  test.each([
    ['{', ''],
    ['[]', ''],
    [sent({ channel: 'web' }), '/channel'],
    [sent({ currency: 'pounds' }), '/currency'],
    [sent({ placed_at: '2026-02-15' }), '/placed_at'],
  ])('with something wrong names the place (%#)', (raw, path) => {
    expect(canonicaliseChannelApiOrder(raw, context)).toMatchObject({ problems: [{ path, document: 'received' }] });
  });
});
