import type { JsonSchema, Use } from './published.ts';

export interface Incompatibility {
  /** JSON path into the document, e.g. `$.lines[*].sku`. */
  path: string;
  message: string;
}

const annotations = new Set([
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly'],
]);
const compared = new Set([
  ...['type', 'const', 'enum', 'pattern', 'format', 'properties', 'required', 'additionalProperties'],
  ...['propertyNames', 'items', 'anyOf', 'oneOf', 'multipleOf'],
]);
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
for (const bound of [...lowerBounds, ...upperBounds]) compared.add(bound);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * What in `after` breaks those who rely on `before`: a document that was valid no longer is, a property vanished, and,
 * for what is emitted, a property that was always there may be missing or have another type. Names added to an enum are
 * compatible: readers must expect values they do not know. What this comparison cannot judge counts as a break.
 */
export function incompatibilities(before: JsonSchema, after: JsonSchema, use: Use, path = '$'): Incompatibility[] {
  const old = alternatives(before);
  const now = alternatives(after);
  const found: Incompatibility[] = use === 'emitted' ? widenedTypes(old, now, path) : [];
  const [first] = now;
  if (now.length === 1 && first !== undefined)
    return [...found, ...old.flatMap((one) => compare(one, first, use, path))];
  old.forEach((one, index) => {
    const sameFirst = [...now.slice(index), ...now.slice(0, index)];
    const differences = sameFirst.map((other) => compare(one, other, use, path));
    const closest = differences.sort((a, b) => a.length - b.length)[0] ?? [];
    if (closest.length === 0) return;
    found.push({ path, message: `alternative ${index + 1} of ${old.length} is no longer accepted` }, ...closest);
  });
  return found;
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const options = list(schema['anyOf'] ?? schema['oneOf']).filter(isSchema);
  if (options.length === 0) return [schema];
  const { anyOf: _any, oneOf: _one, ...rest } = schema;
  return options.flatMap((option) => alternatives({ ...rest, ...option }));
}

function compare(before: JsonSchema, after: JsonSchema, use: Use, path: string): Incompatibility[] {
  const messages = [
    ...narrowedType(before, after),
    ...narrowedValues(before, after),
    ...narrowedBounds(before, after),
    ...changedKeywords(before, after),
  ];
  return [
    ...messages.map((message) => ({ path, message })),
    ...changedProperties(before, after, use, path),
    ...changedRest(before, after, use, path),
  ];
}

const typesOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  schema['type'] === undefined ? undefined : Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
const covers = (types: readonly unknown[], type: unknown) =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

function narrowedType(before: JsonSchema, after: JsonSchema): string[] {
  const now = typesOf(after);
  if (now === undefined) return [];
  const old = typesOf(before);
  if (old === undefined) return [`was of any type, now only ${now.join(' or ')}`];
  const lost = old.filter((type) => !covers(now, type));
  return lost.length > 0 ? [`type ${lost.join(', ')} is no longer accepted, only ${now.join(' or ')}`] : [];
}

function widenedTypes(old: readonly JsonSchema[], now: readonly JsonSchema[], path: string): Incompatibility[] {
  const known = old.flatMap((one) => typesOf(one) ?? ['any']);
  if (known.includes('any')) return [];
  const added = now.flatMap((one) => typesOf(one) ?? ['any']).filter((type) => !covers(known, type));
  const message = `readers know only ${[...new Set(known)].join(' or ')}, now it may be ${[...new Set(added)].join(' or ')}`;
  return added.length > 0 ? [{ path, message }] : [];
}

const allowed = (schema: JsonSchema): readonly unknown[] | undefined =>
  'const' in schema ? [schema['const']] : Array.isArray(schema['enum']) ? schema['enum'] : undefined;

function narrowedValues(before: JsonSchema, after: JsonSchema): string[] {
  const now = allowed(after);
  if (now === undefined) return [];
  const old = allowed(before);
  const named = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');
  if (old === undefined) return [`was open, now only ${named(now)}`];
  const lost = old.filter((value) => !now.some((other) => same(value, other)));
  return lost.length > 0 ? [`${named(lost)} is no longer accepted`] : [];
}

function narrowedBounds(before: JsonSchema, after: JsonSchema): string[] {
  const tighter = (keyword: string, isTighter: (was: number, is: number) => boolean): string[] => {
    const was = before[keyword];
    const is = after[keyword];
    if (typeof is !== 'number') return [];
    if (typeof was !== 'number') return allowed(before) === undefined ? [`${keyword} ${is} was added`] : [];
    return isTighter(was, is) ? [`${keyword} went from ${was} to ${is}`] : [];
  };
  return [
    ...lowerBounds.flatMap((keyword) => tighter(keyword, (was, is) => is > was)),
    ...upperBounds.flatMap((keyword) => tighter(keyword, (was, is) => is < was)),
  ];
}

/** Keywords that may be dropped but neither added nor changed, and those nothing is known about. */
function changedKeywords(before: JsonSchema, after: JsonSchema): string[] {
  const messages: string[] = [];
  for (const keyword of ['pattern', 'format', 'multipleOf'])
    if (after[keyword] !== undefined && !same(before[keyword], after[keyword]))
      messages.push(
        before[keyword] === undefined
          ? `${keyword} ${JSON.stringify(after[keyword])} was added`
          : `${keyword} changed from ${JSON.stringify(before[keyword])} to ${JSON.stringify(after[keyword])}`,
      );
  for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!compared.has(keyword) && !annotations.has(keyword) && !same(before[keyword], after[keyword]))
      messages.push(`"${keyword}" changed, which this comparison cannot judge`);
  return messages;
}

function changedProperties(before: JsonSchema, after: JsonSchema, use: Use, path: string): Incompatibility[] {
  const old = isSchema(before['properties']) ? before['properties'] : {};
  const now = isSchema(after['properties']) ? after['properties'] : {};
  const wasRequired = list(before['required']);
  const isRequired = list(after['required']);
  const found: Incompatibility[] = [];
  for (const [name, schema] of Object.entries(old)) {
    const at = `${path}.${name}`;
    const other = now[name];
    if (isSchema(schema) && isSchema(other)) found.push(...incompatibilities(schema, other, use, at));
    else found.push({ path: at, message: 'was removed' });
    if (use === 'emitted' && isSchema(other) && wasRequired.includes(name) && !isRequired.includes(name))
      found.push({ path: at, message: 'was always there, now it may be missing' });
  }
  for (const name of isRequired)
    if (!wasRequired.includes(name)) found.push({ path: `${path}.${String(name)}`, message: 'is now required' });
  return found;
}

/** Items of arrays, and names and values of open objects. */
function changedRest(before: JsonSchema, after: JsonSchema, use: Use, path: string): Incompatibility[] {
  const found: Incompatibility[] = [];
  const child = (value: unknown): JsonSchema => (isSchema(value) ? value : {});
  if (after['items'] !== undefined || before['items'] !== undefined)
    found.push(...incompatibilities(child(before['items']), child(after['items']), use, `${path}[*]`));
  if (after['propertyNames'] !== undefined)
    found.push(
      ...incompatibilities(child(before['propertyNames']), child(after['propertyNames']), use, `${path}.(name)`),
    );
  const was = before['additionalProperties'] ?? true;
  const is = after['additionalProperties'] ?? true;
  if (is === false && was !== false) found.push({ path, message: 'further properties are no longer accepted' });
  else if (isSchema(is) && was !== false) found.push(...incompatibilities(child(was), is, use, `${path}.*`));
  return found;
}
