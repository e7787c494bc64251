import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { timeFormat } from './time-format.ts';

/** A constant, written short. */
const constant = (given: unknown) =>
  typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? { value: given } : given;

const zone = z.string().refine((name) => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'expected an IANA time zone such as Europe/Berlin');

/** Where a field's text comes from: a constant, a column or path, or several put together. */
const origins = {
  value: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  /** A column's head, or a path into an object: `order.lines.0.sku`. */
  from: z.string().min(1).optional(),
  /** Text with columns or paths in braces: `{store}-{till}`. */
  template: z.string().min(1).optional(),
};
const fromOne = ({ value, from, template }: { value?: unknown; from?: unknown; template?: unknown }) =>
  [value, from, template].filter((given) => given !== undefined).length === 1;
const oneOrigin = 'give exactly one of value (or the bare constant), from and template';

const textRule = z.preprocess(
  constant,
  z
    .strictObject({
      ...origins,
      /** Their values to ours. */
      map: z.record(z.string(), z.string()).optional(),
      /** What becomes of a value that is not in `map`. */
      unmapped: z.enum(['reject', 'keep']).default('reject'),
      /** Taken where the row has nothing. */
      default: z.string().optional(),
      /** How the text is written; after `map`. */
      as: z.enum(['snake_case', 'lower', 'upper', 'amount', 'amount_with_comma']).optional(),
    })
    .refine(fromOne, oneOrigin),
);
export type TextRule = z.output<typeof textRule>;

const timeRule = z.preprocess(
  constant,
  z
    .strictObject({
      ...origins,
      /** iso, epoch_s, epoch_ms, or a pattern such as `%d.%m.%Y %H:%M:%S`. */
      format: timeFormat.default('iso'),
      /** Of times that carry no offset. */
      zone: zone.optional(),
    })
    .refine(fromOne, oneOrigin),
);
export type TimeRule = z.output<typeof timeRule>;

const key = z
  .strictObject({
    /** The system that the external id is of, as the estate names it. */
    system: textRule.optional(),
    external_id: textRule.optional(),
    /** A transaction key as Syncline writes it, instead of both. */
    whole: textRule.optional(),
  })
  .refine(
    ({ system, external_id, whole }) =>
      whole === undefined ? system !== undefined && external_id !== undefined : !(system ?? external_id),
    'give system and external_id, or whole',
  );

const fields = z.strictObject({
  flow: textRule,
  key,
  step: textRule,
  status: textRule,
  started_at: timeRule,
  ended_at: timeRule.optional(),
  occurred_at: timeRule.optional(),
  deadline: timeRule.optional(),
  system: textRule,
  /** What tells this step from others of its transaction, where the source numbers its rows. */
  id: textRule.optional(),
  /** Sorts the steps of a transaction; by time where absent. */
  ordinal: textRule.optional(),
  business_key: textRule.optional(),
  attempt: textRule.optional(),
  direction: textRule.optional(),
  channel: textRule.optional(),
  region: textRule.optional(),
  legal_entity: textRule.optional(),
  brand: textRule.optional(),
  location: textRule.optional(),
  sku: textRule.optional(),
  amount: textRule.optional(),
  currency: textRule.optional(),
  error_class: textRule.optional(),
  error_code: textRule.optional(),
  error_path: textRule.optional(),
  error_message: textRule.optional(),
  trace_id: textRule.optional(),
});

/** How the rows of a file become steps (docs/import.md). */
export const importMapping = z.strictObject({
  version: z.literal(1),
  /** By the file's ending where absent. */
  format: z.enum(['csv', 'ndjson']).optional(),
  csv: z
    .strictObject({
      delimiter: z.string().min(1).max(4).default(','),
      quote: z.string().length(1).default('"'),
      /** Heads of the columns, where the file has no line of them. */
      columns: z.array(z.string().min(1)).min(1).optional(),
      encoding: z.enum(['utf8', 'latin1']).default('utf8'),
    })
    .prefault({}),
  /** Steps of the past neither alert nor notify. */
  origin: z.enum(['backfill', 'live']).default('backfill'),
  fields,
  /** What else is kept of a row; names that begin with `ref_` can be searched for. */
  attributes: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected a snake_case name'), textRule).default({}),
});
export type ImportMapping = z.output<typeof importMapping>;

export class MappingError extends Error {
  override name = 'MappingError';
}

/** @throws MappingError that names every field that is wrong. */
export function parseMapping(text: string): ImportMapping {
  let given: unknown;
  try {
    given = parseYaml(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new MappingError(`The mapping is not YAML: ${error.message}`);
    throw error;
  }
  const parsed = importMapping.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) =>
      `  ${path.join('.') || 'the whole'}: ${message.replace(/.*received undefined$/, 'is missing')}`,
  );
  throw new MappingError(`The mapping is not right:\n${problems.join('\n')}`);
}
