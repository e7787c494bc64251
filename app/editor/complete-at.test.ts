import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelOrder } from '#contracts/v1/channel-api.ts';
import { describePayload } from '#sync-engine/connectors/payload-schema.ts';
import { payloadOrder } from '#sync-engine/connectors/shopify/order-payload.ts';
import { completeAt, type Expected } from './complete-at.ts';

const ours: Expected = { contract: describePayload({ schema: channelOrder, numbers: 'as_numbers' }), codes: [] };
const shopify: Expected = {
  contract: describePayload({ schema: payloadOrder, numbers: 'as_text' }),
  codes: [
    {
      path: ['line_items', '*', 'tax_lines', '*', 'title'],
      codes: [
        { code: 'NY State Tax', target: 'AVT-9' },
        { code: 'VAT', target: 'AVT-1' },
      ],
    },
  ],
};

/** What is offered at the mark `|`. */
function offered(marked: string, expected = ours, asked = true) {
  const offset = marked.indexOf('|');
  return completeAt(marked.replace('|', ''), offset, expected, asked);
}
const labels = (...args: Parameters<typeof offered>) => offered(...args)?.options.map(({ label }) => label) ?? [];

/** The text after an offer was taken, with the cursor as `|`. */
function taken(marked: string, label: string, expected = ours) {
  const found = offered(marked, expected);
  const option = found?.options.find((one) => one.label === label);
  if (found === undefined || option === undefined) throw new Error(`${label} is not offered`);
  const text = marked.replace('|', '');
  const insert = `${option.insert.slice(0, option.cursor)}|${option.insert.slice(option.cursor)}`;
  return text.slice(0, found.from) + insert + text.slice(found.to);
}

describe('names of properties', () => {
  it('are offered where one may be written, what must be there before what may', () => {
    const names = labels('{ | }');
    expect(names.slice(0, 3)).toEqual(['external_id', 'number', 'placed_at']);
    expect(names.indexOf('totals')).toBeLessThan(names.indexOf('tier'));
    expect(offered('{ | }')?.options[0]?.detail).toBe('required, text');
    expect(offered('{ | }')?.options.find(({ label }) => label === 'currency')?.info).toBe(
      'An ISO 4217 code such as "USD".',
    );
  });
  it('are those of the object the cursor is in, without those it has', () => {
    expect(labels('{ "lines": [ { "sku": "A", | "title": "Mug" } ] }')).toEqual(
      expect.not.arrayContaining(['sku', 'title', 'currency']),
    );
    expect(labels('{ "lines": [ { "sku": "A", | "title": "Mug" } ] }')[0]).toBe('line_id');
    expect(labels('{ "customer": { "na|" } }')).toEqual(['name', 'external_id']);
  });
  it('are found although the text is not JSON yet', () => {
    expect(labels('{\n  "external_id": "1",\n  "cur|\n  "number": "2"\n}', ours, false)).toEqual(['currency']);
    expect(labels('{ cur|', ours, false)).toEqual(['currency']);
    expect(labels('{ "external_id": "1", "cur|', ours, false)).toEqual(['currency']);
  });
  it('come with what their value begins with and the comma before what follows', () => {
    expect(taken('{ "nu|" }', 'number')).toBe('{ "number": "|" }');
    expect(taken('{ |\n "number": "2" }', 'customer')).toBe('{ "customer": {|},\n "number": "2" }');
    expect(taken('{ "number": "1", li| }', 'lines')).toBe('{ "number": "1", "lines": [|] }');
    expect(taken('{ "nam|": "x" }', 'number')).toBe('{ "number"|: "x" }');
    expect(taken('{ | }', 'tier')).toBe('{ "tier": | }');
    expect(offered('{ | }')?.options.find(({ label }) => label === 'tier')?.more).toBe(true);
  });
  it('are not offered where a comma is still missing, or a value stands', () => {
    expect(offered('{ "number": "1" | }')).toBeUndefined();
    expect(offered('{ "customer": {} | }')).toBeUndefined();
    expect(offered('{ "lines": [] | }')).toBeUndefined();
    expect(offered('|')).toBeUndefined();
  });
});

describe('values', () => {
  it('are offered where there are only so many', () => {
    expect(labels('{ "tier": | }')).toEqual(['express', 'standard', 'economy']);
    expect(labels('{ "tier": "e|" }', ours, false)).toEqual(['express', 'economy']);
    expect(labels('{ "payments": [ { "kind": "sa| ] }', ours, false)).toEqual(['sale']);
    expect(labels('{ "test": t| }', ours, false)).toEqual(['true']);
    expect(labels('{ "taxes_included": | }', shopify)).toEqual(['true', 'false', 'null']);
    expect(offered('{ "number": | }')).toBeUndefined();
  });
  it('take the place of the whole value', () => {
    expect(taken('{ "tier": "over|night", "number": "1" }', 'express')).toBe('{ "tier": "express"|, "number": "1" }');
    expect(taken('{ "tier": |"overnight" }', 'express')).toBe('{ "tier": "express"| }');
    expect(taken('{ "tier": ex|"overnight" }', 'express')).toBe('{ "tier": "express"| }');
    expect(taken('{ "test": "yes|" }', 'true')).toBe('{ "test": true| }');
    expect(taken('{ "tier": "ex|, "number": "1" }', 'express')).toBe('{ "tier": "express"|, "number": "1" }');
  });
  it('of a field that holds a code are the codes that are mapped, with what they lead to', () => {
    const text = '{ "line_items": [ {}, { "tax_lines": [ { "title": |"TX-9" } ] } ] }';
    expect(offered(text, shopify)?.options).toMatchObject([
      { label: 'NY State Tax', detail: '→ AVT-9', insert: '"NY State Tax"' },
      { label: 'VAT', detail: '→ AVT-1' },
    ]);
    expect(labels(text.replace('|"TX-9"', '"sta|'), shopify, false)).toEqual(['NY State Tax']);
    expect(labels(text.replace('|"TX-9"', 'NY St|"TX-9"'), shopify, false)).toEqual(['NY State Tax']);
    expect(labels('{ "line_items": [ { "title": | } ] }', shopify)).toEqual([]);
  });
  it('narrow by what the object says it is', () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('card'), last4: z.string() }),
      z.object({ kind: z.literal('voucher'), code: z.string() }),
    ]);
    const expected = { contract: describePayload({ schema, numbers: 'as_numbers' }), codes: [] };
    expect(labels('{ "kind": | }', expected)).toEqual(['card', 'voucher']);
    expect(labels('{ "kind": "card", | }', expected)).toEqual(['last4']);
  });
});

describe('somebody who types', () => {
  it('is offered nothing before a beginning, and nothing that does not fit it', () => {
    for (const quiet of [
      '{ | }',
      '{ "tier": | }',
      '{ "tier": "express"| }',
      '{ "tier": "q|" }',
      '{ "test": true| }',
      '{ "note": "a|" }',
    ])
      expect(offered(quiet, ours, false), quiet).toBeUndefined();
    expect(labels('{ "tier": "overnight"| }')).toEqual(['express', 'standard', 'economy']);
    expect(labels('{ "tier": "over|night" }')).toEqual(['express', 'standard', 'economy']);
    // Having asked once, they type something of their own.
    expect(labels('{ "nothing_known| }')).toEqual([]);
    expect(labels('{ "tier": "own| }')).toEqual([]);
  });
  it('is never in the way of, whatever the text and wherever the cursor', () => {
    const order = readFileSync(new URL('../../tests/fixtures/shopify-order.json', import.meta.url), 'utf8');
    fc.assert(
      fc.property(fc.nat(order.length), fc.nat(order.length), fc.string(), fc.boolean(), (cut, at, noise, asked) => {
        const text = `${order.slice(0, cut)}${noise}${order.slice(cut + noise.length)}`;
        const found = completeAt(text, Math.min(at, text.length), shopify, asked);
        if (found === undefined) return;
        expect(found.from).toBeLessThanOrEqual(at);
        expect(found.to).toBeGreaterThanOrEqual(Math.min(at, text.length));
        expect(found.options.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
