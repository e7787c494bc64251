import { snakeCase } from '../outside/snake-case.ts';
import type { TextRule } from './mapping.ts';

/** What a row says does not fit a field. */
export class Unfit extends Error {
  override name = 'Unfit';
  readonly field: string;
  constructor(field: string, reason: string) {
    super(reason);
    this.field = field;
  }
}

type Values = Readonly<Record<string, unknown>>;

/** Compiles a rule. What it makes throws Unfit for a value that the rule has no place for. */
export function textReader(field: string, rule: TextRule): (values: Values) => string {
  const { map, unmapped, default: fallback = '' } = rule;
  const given = originOf(rule);
  const shape = rule.as === undefined ? (text: string) => text : shapes[rule.as];
  return (values) => {
    const text = given(values).trim();
    if (text === '') return fallback;
    if (map === undefined || rule.value !== undefined) return shape(text);
    const ours = Object.hasOwn(map, text) ? map[text] : undefined;
    if (ours === undefined && unmapped === 'reject') throw new Unfit(field, `no value of ours is given for "${text}"`);
    return shape(ours ?? text);
  };
}

function originOf({ value, from, template }: TextRule): (values: Values) => string {
  if (value !== undefined) return () => value;
  if (from !== undefined) return reach(from);
  const pieces = (template ?? '').split(/\{([^{}]+)\}/).map((piece, i) => (i % 2 === 0 ? () => piece : reach(piece)));
  return (values) => pieces.map((piece) => piece(values)).join('');
}

/** A column's value; where there is no such column, what the path leads to. */
function reach(path: string): (values: Values) => string {
  const names = path.replace(/^\$\./, '').split('.');
  return (values) => {
    let found: unknown = values[path];
    if (found === undefined && names.length > 0) {
      found = values;
      for (const name of names)
        found =
          typeof found === 'object' && found !== null && Object.hasOwn(found, name)
            ? Reflect.get(found, name)
            : undefined;
    }
    if (found === undefined || found === null) return '';
    return typeof found === 'string' ? found : JSON.stringify(found);
  };
}

/** Digits with a decimal point, without marks between thousands; anything else stays as it is, to be refused. */
function amount(text: string, mark: { thousands: string; decimal: string }): string {
  const plain = text
    .replace(/[\s'’]/g, '')
    .replaceAll(mark.thousands, '')
    .replace(mark.decimal, '.')
    .replace(/^\+/, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : text;
}

const shapes: Record<NonNullable<TextRule['as']>, (text: string) => string> = {
  snake_case: snakeCase,
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  amount: (text) => amount(text, { thousands: ',', decimal: '.' }),
  amount_with_comma: (text) => amount(text, { thousands: '.', decimal: ',' }),
};
