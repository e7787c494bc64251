import { z } from 'zod';
import { topicToken } from './intake.ts';

const jsonType = z.enum(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** JSON Schema (2020-12), as far as payloads are described by it; other keywords are kept as they are. */
export const jsonSchema = z.looseObject({
  type: z.union([jsonType, z.array(jsonType)]).optional(),
  /** What is expected, in words that go before “is expected here”: `an amount such as "12.30"`. */
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  get properties(): z.ZodOptional<z.ZodRecord<z.ZodString, typeof jsonSchema>> {
    return z.record(z.string(), jsonSchema).optional();
  },
  get items(): z.ZodOptional<typeof jsonSchema> {
    return jsonSchema.optional();
  },
  get additionalProperties(): z.ZodOptional<z.ZodUnion<readonly [z.ZodBoolean, typeof jsonSchema]>> {
    return z.union([z.boolean(), jsonSchema]).optional();
  },
  get anyOf(): z.ZodOptional<z.ZodArray<typeof jsonSchema>> {
    return z.array(jsonSchema).optional();
  },
  get oneOf(): z.ZodOptional<z.ZodArray<typeof jsonSchema>> {
    return z.array(jsonSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof jsonSchema>;

/** What the engine reads of a message that is JSON. Fields that are not named are allowed and not read. */
export const payloadSchema = z.object({
  /** `as_text`: a number counts by its digits as they are written, so that the schema says `string` for it. */
  numbers: z.enum(['as_text', 'as_numbers']),
  schema: jsonSchema,
});
export type PayloadSchema = z.infer<typeof payloadSchema>;

/** Key in KV bucket PAYLOAD_SCHEMAS for what systems of this kind send under this topic. */
export const payloadSchemaKey = (kind: string, topic: string): string => `${topicToken(kind)}.${topicToken(topic)}`;
