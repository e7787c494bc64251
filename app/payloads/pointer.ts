import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { findX12, parseX12Path, x12PathInWords } from '#contracts/x12/path.ts';

/** Segments of a JSON Pointer (RFC 6901); "" is the whole document. */
export function pointerSegments(pointer: string): string[] {
  if (pointer === '' || pointer === '/') return [];
  return pointer
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The JSON Pointer (RFC 6901) of these segments. */
export const pointerOf = (segments: readonly string[]): string =>
  segments.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * A JSON Pointer as people say it: "/line_items/1/tax_lines/0/title" → "line_items 2 › tax_lines 1 › title"; a place in an
 * EDI document likewise: "/850[1]/PO1[2]/PO104" → "850 › PO1 2 › PO104".
 */
export function pointerInWords(pointer: string): string {
  const inEdi = x12PathInWords(pointer);
  if (inEdi !== undefined) return inEdi;
  const words: string[] = [];
  for (const part of pointerSegments(pointer)) {
    const last = words.pop();
    if (/^\d+$/.test(part) && last !== undefined) words.push(`${last} ${Number(part) + 1}`);
    else words.push(...(last === undefined ? [] : [last]), part);
  }
  return words.join(' › ');
}

export interface TextRange {
  from: number;
  to: number;
  /** False when the value itself is absent and its nearest container is meant instead. */
  exact: boolean;
}

/**
 * Where the value a JSON Pointer, or a path in an EDI document, names stands in the text. A value that is missing is shown at its nearest container
 * that exists, by the container's own key, since the whole of a large object marked says nothing.
 */
export function rangeOfPointer(text: string, pointer: string): TextRange | undefined {
  const place = parseX12Path(pointer);
  if (place !== undefined) return findX12(text, place);
  const root = parseTree(text);
  if (!root) return undefined;
  const segments = pointerSegments(pointer);
  for (let length = segments.length; length >= 0; length--) {
    const node = nodeAt(root, segments.slice(0, length));
    if (!node) continue;
    if (length === segments.length && !isContainer(node))
      return { from: node.offset, to: node.offset + node.length, exact: true };
    const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    const shown = key ?? { offset: node.offset, length: 1 };
    return { from: shown.offset, to: shown.offset + shown.length, exact: length === segments.length };
  }
  return undefined;
}

function isContainer(node: Node): boolean {
  return node.type === 'object' || node.type === 'array';
}

function nodeAt(root: Node, segments: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const part of segments) {
    if (!node) return undefined;
    node = findNodeAtLocation(node, [node.type === 'array' ? Number(part) : part]);
  }
  return node;
}
