import { parseTree, type Node } from 'jsonc-parser';
import { isPersonal, withoutEmails } from '#contracts/v1/personal-data.ts';

/**
 * Personal data hidden in JSON text. Each hidden value becomes a numbered token, so that a person who may not see a
 * value can still edit the document around it: the server puts the originals back by number, wherever they moved.
 */
export interface Masked {
  text: string;
  /** How many values are hidden. */
  hidden: number;
}

const TOKEN = /"‹hidden (\d+)›"/g;

/** Hides names, e-mails, phones and street lines. Text that is not JSON is hidden whole, since nothing can be told apart. */
export function maskJson(text: string): Masked {
  const literals = personalLiterals(text);
  if (literals === undefined) return text.trim() === '' ? { text, hidden: 0 } : { text: '"‹hidden 1›"', hidden: 1 };
  let masked = '';
  let from = 0;
  literals.forEach((node, index) => {
    masked += `${text.slice(from, node.offset)}"‹hidden ${index + 1}›"`;
    from = node.offset + node.length;
  });
  return { text: masked + text.slice(from), hidden: literals.length };
}

/** Puts back what `maskJson(original)` hid. Tokens with a number the original does not have stay as they are. */
export function unmaskJson(edited: string, original: string): string {
  const literals = personalLiterals(original);
  const originals =
    literals === undefined
      ? [original]
      : literals.map((node) => original.slice(node.offset, node.offset + node.length));
  return edited.replace(TOKEN, (token, number: string) => originals[Number(number) - 1] ?? token);
}

/**
 * Hides personal data by the numbers it has in `original`, so that `unmaskJson(text, original)` puts it back; what is
 * not in the original stays as it is and is named, as JSON text.
 */
export function maskLike(text: string, original: string): { text: string; foreign: string[] } {
  const numbers = new Map(
    (personalLiterals(original) ?? []).map((node, i) => [
      original.slice(node.offset, node.offset + node.length),
      i + 1,
    ]),
  );
  const foreign: string[] = [];
  let masked = '';
  let from = 0;
  for (const node of personalLiterals(text) ?? []) {
    const raw = text.slice(node.offset, node.offset + node.length);
    const number = numbers.get(raw);
    if (number === undefined) foreign.push(raw);
    masked += `${text.slice(from, node.offset)}${number === undefined ? raw : `"‹hidden ${number}›"`}`;
    from = node.offset + node.length;
  }
  return { text: masked + text.slice(from), foreign };
}

/** One value of a document as it may be shown; `path` are the keys that lead to it. */
export function maskValue(path: readonly string[], json: string): string {
  const root = parseTree(json, [], { disallowComments: true });
  if (root === undefined) return '"‹hidden›"';
  const found: Node[] = [];
  collect(root, withoutIndices(path), found);
  return found
    .sort((a, b) => b.offset - a.offset)
    .reduce((text, node) => `${text.slice(0, node.offset)}"‹hidden›"${text.slice(node.offset + node.length)}`, json);
}

const withoutIndices = (path: readonly string[]) => path.filter((part) => !/^\d+$/.test(part));

/** Hides e-mail addresses inside a sentence, such as a vendor's error message; `shown` are colleagues'. */
export function maskText(text: string, shown: readonly string[] = []): string {
  return withoutEmails(text, shown);
}

function personalLiterals(text: string): Node[] | undefined {
  const root = parseTree(text, [], { disallowComments: true });
  if (!root || root.type === 'string' || root.type === 'number') return undefined;
  const found: Node[] = [];
  collect(root, [], found);
  return found.sort((a, b) => a.offset - b.offset);
}

function collect(node: Node, path: readonly string[], found: Node[]): void {
  switch (node.type) {
    case 'object':
      for (const property of node.children ?? []) {
        const [key, value] = property.children ?? [];
        if (key && value) collect(value, [...path, String(key.value)], found);
      }
      return;
    case 'array':
      for (const item of node.children ?? []) collect(item, path, found);
      return;
    case 'string':
    case 'number':
      if (isPersonal(path, node.value as string | number)) found.push(node);
      return;
    default:
  }
}
