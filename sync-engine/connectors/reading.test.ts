import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readJson, readValue } from './reading.ts';

const text = z.object({ order: z.object({ id: z.string() }) });
const bytes = (json: string) => new Uint8Array(Buffer.from(json));

describe('a JSON document', () => {
  test('is read from bytes or text, its numbers to the last digit unless the schema takes numbers', () => {
    const whole = '{"order":{"id":9007199254740993}}';
    expect(readJson(text, bytes(whole))).toEqual({ message: { order: { id: '9007199254740993' } } });
    expect(readJson(text, whole)).toEqual({ message: { order: { id: '9007199254740993' } } });
    expect(readJson(z.object({ quantity: z.int() }), '{"quantity":2}', JSON.parse)).toEqual({
      message: { quantity: 2 },
    });
  });

  test('that is none is refused as a whole', () => {
    expect(readJson(text, bytes('{"order":'))).toMatchObject({
      problems: [{ error_class: 'validation', error_code: 'malformed_json', path: '', document: 'received' }],
    });
  });

  test('that is not as the schema has it is refused where it is wrong', () => {
    expect(readJson(text, '{"order":{}}')).toMatchObject({
      problems: [{ error_class: 'validation', error_code: 'schema_invalid_type', path: '/order/id' }],
    });
    expect(readValue(text, { order: {} }, ([, ...rest]) => ['purchase', ...rest])).toMatchObject({
      problems: [{ path: '/purchase/id' }],
    });
  });
});
