import { z } from 'zod';

/** Nanoseconds since 1970, as text, since they are beyond what a number holds; some exporters write numbers all the same. */
const unixNano = z
  .union([z.string().regex(/^\d{1,20}$/, 'expected nanoseconds since 1970'), z.number().nonnegative()])
  .transform((nanos) => (typeof nanos === 'string' ? BigInt(nanos) : BigInt(Math.round(nanos))))
  .default(0n);

/** Hex digits in JSON, bytes in protocol buffers. */
const id = (digits: number) =>
  z
    .union([z.string(), z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('hex'))])
    .transform((text) => text.toLowerCase())
    .refine((text) => text === '' || new RegExp(`^[0-9a-f]{${digits}}$`).test(text), `expected ${digits} hex digits`)
    .default('');

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** OTLP's AnyValue as text; lists as their texts with a blank between, anything deeper as JSON. */
const anyValue = z
  .looseObject({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.string(), z.number()]).optional(),
    doubleValue: z.union([z.string(), z.number()]).optional(),
    arrayValue: z.looseObject({ values: z.array(z.looseObject({})).default([]) }).optional(),
  })
  .transform((value): string => {
    const plain = textOf(value);
    if (plain !== undefined) return plain;
    if (value.arrayValue === undefined) return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
    return value.arrayValue.values.map((one) => textOf(one) ?? JSON.stringify(one)).join(' ');
  });

function textOf(value: Record<string, unknown>): string | undefined {
  const { stringValue, boolValue, intValue, doubleValue } = value;
  return scalar.optional().parse(stringValue ?? boolValue ?? intValue ?? doubleValue);
}

/** Attributes by name; of a name given twice the last counts. */
const attributes = z
  .array(z.object({ key: z.string(), value: anyValue.optional() }))
  .default([])
  .transform((list) => new Map(list.map(({ key, value }) => [key, value ?? ''])));
export type Attributes = z.output<typeof attributes>;

/** An enum by its number or, as some exporters write it in JSON, by its name. */
const enumOf = (names: readonly string[]) =>
  z.union([z.number(), z.enum(names).transform((name) => names.indexOf(name))]).default(0);

const spanKind = enumOf([
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]);
const statusCode = enumOf(['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']);

/** One span, as JSON or protocol buffers have it. What it has besides is not read. */
export const otlpSpan = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: id(16),
  name: z.string().default(''),
  kind: spanKind,
  startTimeUnixNano: unixNano,
  endTimeUnixNano: unixNano,
  attributes,
  events: z.array(z.object({ name: z.string().default(''), attributes })).default([]),
  status: z.object({ code: statusCode, message: z.string().default('') }).prefault({}),
});
export type OtlpSpan = z.output<typeof otlpSpan>;

/** Spans are looked at one by one: a bad one is rejected alone. */
export const exportTraceRequest = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).prefault({}),
        scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]),
      }),
    )
    .default([]),
});
export type ExportTraceRequest = z.output<typeof exportTraceRequest>;
