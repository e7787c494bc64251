import { z } from 'zod';

export type Document = Record<string, unknown>;

/** JSON Schema of what a caller sends, or of what we answer. */
export const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Document => {
  const { $schema: _draft, ...body } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return body;
};

/** A body by the name of its schema among the components. */
export const jsonContent = (name: string): Document => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});

/** Problems by status, as answers. */
export const problemAnswers = (problems: readonly (readonly [number, string])[]): Document =>
  Object.fromEntries(
    problems.map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    ]),
  );

/** How a key is sent. */
export const keyScheme = (scopes: readonly string[]): Document => ({
  type: 'http',
  scheme: 'bearer',
  description: `\`Authorization: Bearer <client id>.<secret>\`. Scopes: ${scopes.join(', ')}.`,
});
