import { applyEdits, modify, parseTree, type Edit, type JSONPath, type Node } from 'jsonc-parser';
import { readExact, sameJson } from './exact-json.ts';
import { pointerSegments } from './pointer.ts';

/** A change that cured a payload, to be made on another one; values are JSON text, so that numbers keep their digits. */
export interface FieldRepair {
  /** JSON Pointer in which `*` stands for every element of a list. */
  path: string;
  /** What has to stand there; undefined where the field has to be missing. */
  was: string | undefined;
  /** Undefined takes the field away. */
  value: string | undefined;
}

const formatting = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** The text with the changes made wherever they fit; the text itself where none does. Everything else keeps its layout. */
export function applyRepairs(text: string, repairs: readonly FieldRepair[]): string {
  return repairs.reduce(applyOne, text);
}

function applyOne(text: string, { path, was, value }: FieldRepair): string {
  const root = parseTree(text, [], { disallowComments: true });
  if (root === undefined) return text;
  const segments = pointerSegments(path);
  if (was === undefined) return value === undefined ? text : added(text, root, segments, value);
  const wanted = readExact(was);
  const places = placesOf(root, segments, []).filter(({ node }) =>
    sameJson(readExact(text.slice(node.offset, node.offset + node.length)), wanted),
  );
  if (value === undefined)
    // Backwards, so that what is taken from a list does not move what is still to be taken.
    return places
      .toReversed()
      .reduce((now, place) => applyEdits(now, modify(now, place.path, undefined, formatting)), text);
  const edits: Edit[] = places.map(({ node }) => ({ offset: node.offset, length: node.length, content: value }));
  return applyEdits(text, edits);
}

interface Place {
  node: Node;
  path: JSONPath;
}

function placesOf(node: Node, segments: readonly string[], path: JSONPath): Place[] {
  const [first, ...rest] = segments;
  if (first === undefined) return [{ node, path }];
  if (node.type === 'array')
    return (node.children ?? []).flatMap((item, i) =>
      first === '*' || first === String(i) ? placesOf(item, rest, [...path, i]) : [],
    );
  const value = node.children?.find((property) => property.children?.[0]?.value === first)?.children?.[1];
  return node.type === 'object' && value !== undefined ? placesOf(value, rest, [...path, first]) : [];
}

/** Adds a field to every object that the path leads to and that does not have it. */
function added(text: string, root: Node, segments: readonly string[], value: string): string {
  const name = segments.at(-1);
  if (name === undefined || name === '*') return text;
  const without = placesOf(root, segments.slice(0, -1), []).filter(
    ({ node }) => node.type === 'object' && !node.children?.some((property) => property.children?.[0]?.value === name),
  );
  return without.toReversed().reduce((now, place) => {
    // The place is made first and its value written over, since a number given as a value would lose digits.
    const edits = modify(now, [...place.path, name], null, formatting);
    const next = applyEdits(now, edits);
    const node = placesOf(parseTree(next) ?? root, [...place.path.map(String), name], []).at(0)?.node;
    return node === undefined ? now : applyEdits(next, [{ offset: node.offset, length: node.length, content: value }]);
  }, text);
}
