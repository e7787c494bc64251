import { createHash } from 'node:crypto';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { ErrorClass, Flow } from '#contracts/v1/step-event.ts';

export interface Failure {
  flow: Flow;
  step: string;
  errorClass: ErrorClass;
  /** JSON Pointer of the offending field, empty where there is none. */
  path: string;
  message: string;
  /** What has to be mapped and is not, as its system writes it. */
  code?: string | undefined;
}

/**
 * Short hash that failures of the same cause share: flow, step, error class, the field whatever the line it stands in,
 * and the message without what differs from order to order. A code that is not mapped is itself the cause, also where it
 * has numbers in it that a message is rid of: "Levy 7" and "Levy 8" are two.
 */
export function fingerprint(failure: Failure): string {
  const code = (failure.code ?? '').replace(/\s+/g, ' ').trim().toLowerCase();
  const parts = [
    failure.flow,
    failure.step,
    failure.errorClass,
    normalisePath(failure.path),
    normaliseMessage(failure.message),
    ...(code === normaliseMessage(code) ? [] : [code]),
  ];
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 16);
}

/**
 * As `fingerprint`, for the problem a transaction stops with. An item that is not in the item master could be mapped too, but
 * what is missing is the item: a catalogue that did not come is one cause and not one for each of its SKUs.
 */
export const fingerprintOf = (flow: Flow, step: string, problem: CaseProblem): string =>
  fingerprint({
    ...{ flow, step, errorClass: problem.error_class, path: problem.path, message: problem.message },
    ...(problem.error_class === 'mapping' && { code: problem.missing_mapping?.code }),
  });

/**
 * A path with what counts in it replaced: "/lines/3/taxes/0/code" is "/lines/*\/taxes/*\/code", and in an EDI document
 * "/850[1]/PO1[3]/PO104" is "/850[*]/PO1[*]/PO104".
 */
export function normalisePath(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/*').replace(/\[\d+\]/g, '[*]');
}

/** Replacements from the most to the least specific; a later one must not see what an earlier one left. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\bhttps?:\/\/[^\s"'<>)]+/gi, '<url>'],
  [/[\w.+%-]+@[\w-]+(?:\.[\w-]+)+/g, '<email>'],
  [/\bgid:\/\/[^\s"'<>)]+/g, '<id>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<date>'],
  [/\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\b/g, '<time>'],
  [/\b[\w-]+==[\w=-]+/g, '<id>'],
  // Identifiers mix letters with five digits or more: order keys, hashes, tracking numbers. Codes ("VAT19", "US-NY-8875")
  // stay, because they name the cause.
  [/\b(?=(?:[\w-]*\d){5})(?=[\w-]*[A-Za-z])[\w-]{8,}\b/g, '<id>'],
  [/(?<![\w.-])[#-]?\d+(?:[.,]\d+)*(?![\w-])/g, '<n>'],
];

/** A message without ids, numbers, dates, URLs and e-mail addresses. */
export const normaliseMessage = (message: string): string => withoutParticulars(message).toLowerCase();

/** As `normaliseMessage`, to be read: letters stay as they were. */
export function withoutParticulars(message: string): string {
  const replaced = replacements.reduce((text, [pattern, by]) => text.replace(pattern, by), message);
  return replaced.replace(/\s+/g, ' ').trim();
}
