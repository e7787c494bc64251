import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileMapping, type MapRow } from './map-row.ts';
import { MappingError, parseMapping } from './mapping.ts';
import { readRows } from './rows.ts';

const now = new Date('2026-11-30T12:00:00.000Z');
const documented = readFileSync(new URL('../../docs/import.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(documented)?.[1] ?? '';

it('the mapping of the documentation makes of its rows what it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-mapping-'));
  const path = join(folder, 'middleware.csv');
  await writeFile(path, block('csv'));
  const mapping = parseMapping(block('yaml'));
  const map = compileMapping(mapping);
  const steps: ReturnType<MapRow>[] = [];
  for await (const { content } of readRows({ path, mapping }))
    steps.push('values' in content ? map(content.values, now) : { field: '', reason: content.problem });
  await rm(folder, { recursive: true });
  const common = {
    key: 'webshop==4711',
    business_key: 'DE-4711',
    region: 'de',
    amount: '1249.00',
    currency: 'EUR',
    origin: 'backfill',
  };
  expect(steps).toMatchObject([
    {
      step: {
        ...common,
        step: 'intake_received',
        status: 'completed',
        started_at: '2026-05-03T12:02:11.000Z',
        ended_at: '2026-05-03T12:02:11.480Z',
        system: 'webshop',
      },
    },
    {
      step: {
        ...common,
        step: 'erp_create_sales_order',
        status: 'failed',
        system: 'sap',
        error_class: 'rejected',
        error_message: 'IDoc 51: customer blocked',
      },
    },
    {
      step: {
        ...common,
        step: 'erp_create_sales_order',
        status: 'completed',
        error_class: '',
        error_message: '',
        attributes: { ref_order_number: 'DE-4711' },
      },
    },
  ]);
});

const fields = {
  flow: 'order_to_cash',
  key: { system: 'shop', external_id: { from: 'order' } },
  step: { from: 'step' },
  status: 'completed',
  started_at: { from: 'at' },
  system: 'oms',
};
const mapOf = (more: object = {}) =>
  compileMapping(parseMapping(JSON.stringify({ version: 1, fields: { ...fields, ...more } })));
const row = { order: 'A 1', step: 'pick', at: '2026-05-01T10:00:00Z' };

it('a row is the same step however often and with whatever else it is exported', () => {
  const span = (values: object) => {
    const mapped = mapOf()({ ...row, ...values }, now);
    return 'step' in mapped ? mapped.step.span_id : mapped.reason;
  };
  expect(span({})).toMatch(/^[0-9a-f]{16}$/);
  expect(span({ exported_at: 'later' })).toBe(span({}));
  expect(span({ at: '2026-05-01T10:00:01Z' })).not.toBe(span({}));
  expect(span({ order: 'A 2' })).not.toBe(span({}));
});

it.each([
  [{ step: 'Pick It' }, {}, 'step'],
  [{ order: '' }, {}, 'key.external_id'],
  [{ at: '' }, {}, 'started_at'],
  [{ at: '2027-05-01T10:00:00Z' }, {}, 'started_at'],
  [{ n: '1.5' }, { attempt: { from: 'n' } }, 'attempt'],
  [{ k: 'shop==1.>' }, { key: { whole: { from: 'k' } } }, 'key'],
  [{ e: 'broken' }, { error_class: { from: 'e' } }, 'error_class'],
  [{ t: 'zz' }, { trace_id: { from: 't' } }, 'trace_id'],
])('of a row with %j, mapped by %j, the field %s is named', (values, more, field) => {
  expect(mapOf(more)({ ...row, ...values }, now)).toMatchObject({
    field,
    reason: expect.stringMatching(/./) as string,
  });
});

it.each([
  ['fields: {}', 'version: '],
  ['version: 1\nfields: { flow: { from: a, template: b } }', 'fields.flow: give exactly one of'],
  ['version: 1\nfields: { key: { system: a } }', 'fields.key: give system and external_id, or whole'],
  ['version: 1\nfields: { amount: { from: a, as: money } }', 'fields.amount.as: '],
  ['version: 1\nattributes: { "Not Snake": a }\nfields: {}', 'attributes.Not Snake: '],
  ['version: [', 'is not YAML'],
])('a mapping %j is refused with "%s"', (text, problem) => {
  expect(() => parseMapping(text)).toThrow(MappingError);
  expect(() => parseMapping(text)).toThrow(problem);
});

it.each([
  ['1,249.00', 'amount', '1249.00'],
  ["1'249.00", 'amount', '1249.00'],
  ['-3', 'amount', '-3'],
  ['1.249,00', 'amount_with_comma', '1249.00'],
  ['€ 12', 'amount', undefined],
])('the text %s read as %s is %s', (text, as, amount) => {
  const mapped = mapOf({ amount: { from: 'total', as } })({ ...row, total: text }, now);
  expect('step' in mapped ? mapped.step.amount : undefined).toBe(amount);
});
