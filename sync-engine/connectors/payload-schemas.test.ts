import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { connector as pierMarket } from '#tests/fixtures/connectors/pier-market/index.ts';
import { describePayload } from './payload-schema.ts';
import { payloadSchemas } from './payload-schemas.ts';
import { builtIn } from './registry.ts';

const schemas = payloadSchemas([...builtIn, pierMarket]);

it('what is read of every message that is JSON is told, of an estate’s own connectors too', () => {
  expect([...schemas.keys()]).toEqual(
    expect.arrayContaining([
      'shopify.orders-create',
      'shopify.orders-updated',
      'shopify.orders-cancelled',
      'rest-wms.shipment-confirmed',
      'rest-wms.shipment-delivered',
      'rest-wms.stock-changed',
      'channel-api.channel-order',
      'channel-api.channel-stock',
      'pier-market.order-placed',
    ]),
  );
  expect(schemas.has('channel-api.channel-product')).toBe(false);
});

it('an order is told as its system writes it, by whichever way it came', () => {
  expect(schemas.get('shopify.channel-order')).toEqual(schemas.get('shopify.orders-create'));
  expect(schemas.get('rest-wms.channel-order')).toEqual(schemas.get('channel-api.channel-order'));
});

it('fields that nobody reads are allowed, and each form is told in the words of its refusal', () => {
  const ajv = new Ajv2020({ strict: false, formats: fullFormats });
  for (const [name, { schema }] of schemas) {
    const text = JSON.stringify(schema);
    expect(text, name).not.toContain('"additionalProperties":false');
    // Whoever follows a path through it follows no references.
    expect(text, name).not.toContain('"$ref"');
    expect(() => ajv.compile(schema), name).not.toThrow();
  }
  expect(schemas.get('pier-market.order-placed')?.schema.properties?.['total']).toMatchObject({
    type: 'string',
    description: 'an amount such as 12.30',
  });
});

it('a connector may check what JSON Schema cannot say', () => {
  const schema = z.object({ at: z.date(), even: z.string().refine((text) => text.length % 2 === 0) });
  expect(describePayload({ schema, numbers: 'as_text' }).schema).toMatchObject({
    properties: { at: {}, even: { type: 'string' } },
  });
});
