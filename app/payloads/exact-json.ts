import { parseTree, type Node, type ParseError } from 'jsonc-parser';

/**
 * A JSON value that keeps what its text said: a number is its digits, an object keeps its order, and a key such as
 * `__proto__` is a key like any other.
 */
export type ExactJson =
  | { kind: 'scalar'; raw: string; value: string | number | boolean | null }
  | { kind: 'list'; items: readonly ExactJson[] }
  | { kind: 'object'; entries: ReadonlyMap<string, ExactJson> };

/** Undefined where the text is not JSON. */
export function readExact(text: string): ExactJson | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  return root === undefined || errors.length > 0 ? undefined : ofNode(root, text);
}

function ofNode(node: Node, text: string): ExactJson {
  const children = node.children ?? [];
  switch (node.type) {
    case 'array':
      return { kind: 'list', items: children.map((child) => ofNode(child, text)) };
    case 'object':
      return {
        kind: 'object',
        entries: new Map(
          children.flatMap(({ children: [key, value] = [] }) =>
            key === undefined || value === undefined ? [] : [[String(key.value), ofNode(value, text)] as const],
          ),
        ),
      };
    default:
      return {
        kind: 'scalar',
        raw: text.slice(node.offset, node.offset + node.length),
        value: node.value as string | number | boolean | null,
      };
  }
}

/** The value as JSON text on one line. */
export function writeExact(value: ExactJson): string {
  switch (value.kind) {
    case 'scalar':
      return value.raw;
    case 'list':
      return `[${value.items.map(writeExact).join(',')}]`;
    case 'object':
      return `{${[...value.entries].map(([key, one]) => `${JSON.stringify(key)}:${writeExact(one)}`).join(',')}}`;
  }
}

/** Equal by content: text however it is escaped, numbers by their digits, objects in any order. */
export function sameJson(a: ExactJson | undefined, b: ExactJson | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === 'scalar')
    return b.kind === 'scalar' && (typeof a.value === 'string' ? a.value === b.value : a.raw === b.raw);
  if (a.kind === 'list')
    return (
      b.kind === 'list' && a.items.length === b.items.length && a.items.every((item, i) => sameJson(item, b.items[i]))
    );
  return (
    b.kind === 'object' &&
    a.entries.size === b.entries.size &&
    [...a.entries].every(([key, value]) => sameJson(value, b.entries.get(key)))
  );
}
