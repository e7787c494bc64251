import { z } from 'zod';
import { type PayloadSchema, jsonSchema } from '#contracts/v1/payload-schema.ts';

/** How a message that is JSON is read: what is held against it, and whether with its numbers as text (exact-json.ts). */
export interface Payload {
  schema: z.ZodType;
  numbers: PayloadSchema['numbers'];
}

/** What is held against a message, as JSON Schema, each form in the words of its own refusal. */
export function describePayload({ schema, numbers }: Payload): PayloadSchema {
  const described = z.toJSONSchema(schema, {
    io: 'input',
    // What JSON Schema cannot say is not judged before the engine reads it.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const expected = jsonSchema.type === 'string' ? expectedBy(zodSchema) : undefined;
      if (expected !== undefined) jsonSchema.description = expected;
    },
  });
  return { numbers, schema: jsonSchema.parse(described) };
}

/** "an amount such as …", of a text field that refuses with "expected an amount such as …". */
function expectedBy(schema: z.core.$ZodType): string | undefined {
  const refused = z.core.safeParse(schema, fitsNothing).error?.issues ?? [];
  return refused.map(({ message }) => /^expected (.+)$/.exec(message)?.[1]).find((words) => words !== undefined);
}

/** No form of a text allows control characters. */
const fitsNothing = '\u0000';
