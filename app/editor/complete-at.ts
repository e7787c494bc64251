import { findNodeAtLocation, getLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser';
import type { JsonSchema, PayloadSchema } from '#contracts/v1/payload-schema.ts';
import { schemasAt, typesOf } from './schemas-at.ts';
import { tokenAt, type Token } from './token-at.ts';

/** Codes that are mapped, for the fields that hold such a code. */
export interface KnownCodes {
  /** Where the field stands; `*` is any entry of a list. */
  path: readonly string[];
  codes: readonly { code: string; target: string }[];
}

/** What the editor knows of the document it shows. */
export interface Expected {
  contract: PayloadSchema | undefined;
  codes: readonly KnownCodes[];
}

export interface Proposal {
  label: string;
  detail: string;
  info?: string;
  insert: string;
  /** Where the cursor goes, counted from the beginning of `insert`. */
  cursor: number;
  /** What comes next can be proposed as well. */
  more: boolean;
}

/** Proposals in the order they are offered, for the text from `from` to `to`. */
export interface Proposals {
  from: number;
  to: number;
  begun: string;
  options: Proposal[];
}

/**
 * What may be written at a place of a JSON text: names of properties that are not there yet, those that must be there
 * first, or the values of a field that has only so many. The text need not be JSON yet.
 * @param asked somebody asked for it, so that whatever fits is offered; otherwise only what fits what has been begun.
 */
export function completeAt(text: string, offset: number, expected: Expected, asked: boolean): Proposals | undefined {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const token = tokenAt(text, offset, previousNode);
  if (!asked && (token.beside || (token.begun === '' && !token.quoted))) return undefined;
  const before = text.slice(0, token.from).trimEnd().at(-1);
  if (!(isAtPropertyKey ? ['{', ','] : [':', '[', ',']).includes(before ?? '')) return undefined;
  // Without what is being written, the rest can mostly be read as it will be.
  const rest = text.slice(0, token.from) + ' '.repeat(token.to - token.from) + text.slice(token.to);
  const document = parseTree(rest, [], { allowTrailingComma: true });
  const place = { text, token, document, expected };
  const all = isAtPropertyKey ? properties(path.slice(0, -1), place) : values(path, place, asked);
  const options = fitting(all, token, asked).filter(({ insert }) => asked || insert !== token.begun);
  return options.length === 0 ? undefined : { from: token.from, to: token.to, begun: token.begun, options };
}

interface Place {
  text: string;
  token: Token;
  document: Node | undefined;
  expected: Expected;
}

/** Those that contain what has been begun, beginnings first; all, if somebody asked what could replace something else. */
function fitting(all: Proposal[], { begun, whole, beside }: Token, asked: boolean): Proposal[] {
  if (begun === '' || (asked && beside)) return all;
  const positions = all.map((one) => ({ one, at: one.label.toLowerCase().indexOf(begun.toLowerCase()) }));
  const fits = [...positions.filter(({ at }) => at === 0), ...positions.filter(({ at }) => at > 0)].map(
    ({ one }) => one,
  );
  return fits.length === 0 && asked && whole ? all : fits;
}

function properties(path: JSONPath, { text, token, document, expected }: Place): Proposal[] {
  const { contract } = expected;
  if (contract === undefined) return [];
  const object = document && findNodeAtLocation(document, path);
  const present = new Set(object?.children?.map(({ children: [key] = [] }) => String(key?.value)));
  const schemas = schemasAt(contract.schema, path, document);
  const required = new Set(schemas.flatMap((schema) => schema.required ?? []));
  const names = [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))].filter(
    (name) => !present.has(name),
  );
  const following = text.slice(token.to).trimStart();
  return [...names.filter((name) => required.has(name)), ...names.filter((name) => !required.has(name))].map((name) => {
    const inside = schemasAt(contract.schema, [...path, name], document);
    const kind = [...(required.has(name) ? ['required'] : []), ...kindsOf(inside)].join(', ');
    const info = inside.find(({ description }) => description !== undefined)?.description;
    const more = valuesOf([...path, name], inside, expected).length > 0;
    return {
      label: name,
      detail: kind,
      ...(info && { info: sentence(info) }),
      ...written(name, inside, following, more),
    };
  });
}

/** A name with what its value begins with, and the comma before the property that follows. */
function written(name: string, inside: readonly JsonSchema[], following: string, more: boolean) {
  const key = JSON.stringify(name);
  if (following.startsWith(':')) return { insert: key, cursor: key.length, more: false };
  const begins = more ? '' : (openings[inside.flatMap(typesOf)[0] ?? ''] ?? '');
  const insert = `${key}: ${begins}`;
  return {
    insert: following.startsWith('"') ? `${insert},` : insert,
    cursor: insert.length - (begins === '' ? 0 : 1),
    more,
  };
}

const openings: Record<string, string> = { string: '""', array: '[]', object: '{}' };

function values(path: JSONPath, { token, document, expected }: Place, asked: boolean): Proposal[] {
  const inside = expected.contract ? schemasAt(expected.contract.schema, path, document) : [];
  return valuesOf(path, inside, expected)
    .filter(({ value }) => asked || !token.quoted || typeof value === 'string')
    .map(({ value, detail }) => {
      const insert = JSON.stringify(value);
      return { label: String(value), detail, insert, cursor: insert.length, more: false };
    });
}

/** The values a field may have, where there are only so many, and the codes that are known for it. */
function valuesOf(path: JSONPath, inside: readonly JsonSchema[], { codes }: Expected) {
  const known = codes
    .filter((one) => matches(one.path, path))
    .flatMap((one) => one.codes.map(({ code, target }) => ({ value: code, detail: `→ ${target}` })));
  const listed = inside.flatMap((schema) => [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : [])]);
  const types = new Set(inside.flatMap(typesOf));
  const choices = [...new Set([...listed, ...(types.has('boolean') ? [true, false] : [])])];
  if (known.length + choices.length === 0) return [];
  return [...known, ...[...choices, ...(types.has('null') ? [null] : [])].map((value) => ({ value, detail: '' }))];
}

const matches = (pattern: readonly string[], path: JSONPath): boolean =>
  pattern.length === path.length && pattern.every((part, index) => part === '*' || part === String(path[index]));

const kindWords: Record<string, string> = {
  array: 'list',
  boolean: 'true or false',
  integer: 'whole number',
  number: 'number',
  object: 'object',
  string: 'text',
};

function kindsOf(inside: readonly JsonSchema[]): string[] {
  const of = (schema: JsonSchema) => (schema.enum ? ['one of a few'] : typesOf(schema).map((type) => kindWords[type]));
  return [...new Set(inside.flatMap(of))].filter((word) => word !== undefined);
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
