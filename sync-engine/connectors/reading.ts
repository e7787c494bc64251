import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Channel, Estate } from '#contracts/v1/estate.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { Order } from '#contracts/v1/order.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import { jsonPointer } from '../json-pointer.ts';

/** What canonicalising needs to know besides the payload. Pure: the look-ups answer from memory. */
export interface CanonicaliseContext {
  estate: Estate;
  /** Estate id of the system the payload came from. */
  system: string;
  /** Target of the channel's code in the mappings kept for `system`, undefined where there is none. */
  mapping: (kind: MappingKind, code: string) => string | undefined;
}

export type Canonicalised = { order: Order } | { problems: CaseProblem[] };

/** Why nothing is done for an order, such as that the channel ships it itself. */
export interface LeftAlone {
  left: string;
}

/** The channel a system sells through; where several share the system, the one of the order's currency. */
export function channelOf(estate: Estate, system: string, currency: string): Channel | undefined {
  const candidates = estate.channels.filter((channel) => channel.system === system);
  return candidates.find((channel) => channel.currency === currency) ?? candidates[0];
}

/** Orders are limited in lines, a case in problems: beyond this many, more of the same help nobody. */
const mostProblems = 100;

/** Validation failures as problems of a case, `point` leading from the validated document's path to the received one's. */
export function schemaProblems(
  error: z.ZodError,
  point: (path: readonly PropertyKey[]) => readonly PropertyKey[] = (path) => path,
): CaseProblem[] {
  return error.issues.slice(0, mostProblems).map((issue) => ({
    error_class: 'validation',
    error_code: `schema_${issue.code}`,
    path: jsonPointer(point(issue.path)).slice(0, 500),
    document: 'received',
    message: `${fieldName(issue.path)}: ${issue.message}`.slice(0, 2000),
  }));
}

/**
 * What a received JSON document says, held against a schema.
 * @param parse JSON.parse where the schema takes numbers; without it they are read as their decimal text, to the last digit.
 */
export function readJson<S extends z.ZodType>(
  schema: S,
  body: Uint8Array | string,
  parse: (text: string) => unknown = parseExactJson,
): Read<S> {
  let document: unknown;
  try {
    document = parse(typeof body === 'string' ? body : Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  return readValue(schema, document);
}

/** What was made of a received document, held against a schema; `point` as for `schemaProblems`. */
export function readValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
  point?: Parameters<typeof schemaProblems>[1],
): Read<S> {
  const parsed = schema.safeParse(value);
  return parsed.success ? { message: parsed.data } : { problems: schemaProblems(parsed.error, point) };
}

type Read<S extends z.ZodType> = { message: z.infer<S> } | { problems: CaseProblem[] };

/** The problem of a payload that is no JSON document at all. */
function malformedProblem(error: unknown): CaseProblem {
  return {
    error_class: 'validation',
    error_code: 'malformed_json',
    path: '',
    document: 'received',
    message: `The payload is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`.slice(0, 2000),
  };
}

/** The problem of a system that no channel sells through. */
export function noChannelProblem(system: string): CaseProblem {
  return {
    error_class: 'reference',
    error_code: 'unknown_channel',
    path: '',
    document: 'received',
    message: `No channel of the estate sells through the system "${system}". Declare one in config/estate.yaml.`,
  };
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The document' : path.map(String).join('.');
}

/** @throws Error where a reader refused without a problem, which is a defect of its own. */
export function atLeastOne(problems: readonly CaseProblem[]): [CaseProblem, ...CaseProblem[]] {
  const [first, ...rest] = problems;
  if (first === undefined) throw new Error('a message was refused without a problem');
  return [first, ...rest];
}
