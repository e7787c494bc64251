import { findNodeAtLocation, type JSONPath, type Node } from 'jsonc-parser';
import type { JsonSchema } from '#contracts/v1/payload-schema.ts';

/**
 * What may stand at a path: the alternatives that a schema leaves there, without those that the document's own values
 * on the way rule out. Empty where the schema says nothing.
 */
export function schemasAt(root: JsonSchema, path: JSONPath, document: Node | undefined): JsonSchema[] {
  let found = alternatives(root);
  let node = document;
  for (const part of path) {
    const here = node;
    found = found.filter((schema) => mayBe(schema, here)).flatMap((schema) => childOf(schema, part));
    node = here && findNodeAtLocation(here, [part]);
  }
  return found.filter((schema) => mayBe(schema, node));
}

/** A schema's types; none where it allows any. */
export const typesOf = ({ type }: JsonSchema): readonly string[] => (type === undefined ? [] : [type].flat());

function alternatives(schema: JsonSchema): JsonSchema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  return choices === undefined ? [schema] : choices.flatMap(alternatives);
}

function childOf(schema: JsonSchema, part: string | number): JsonSchema[] {
  const child = typeof part === 'number' ? schema.items : ownProperty(schema, part);
  return child === undefined ? [] : alternatives(child);
}

function ownProperty({ properties = {}, additionalProperties }: JsonSchema, name: string): JsonSchema | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** False where a property that tells the alternatives apart has another one's value. */
function mayBe({ properties = {} }: JsonSchema, node: Node | undefined): boolean {
  if (node?.type !== 'object') return true;
  return Object.entries(properties).every(([name, property]) => {
    const value: unknown = findNodeAtLocation(node, [name])?.value;
    return property.const === undefined || value === undefined || value === property.const;
  });
}
