import type { z } from 'zod';
import type { ErrorClass } from '#contracts/v1/step-event.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import type { Answer, ConnectorErrorDetail } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { classifyStatus } from './classify.ts';

/** The vendor's own words for a refusal, read from the answer's body. */
export type Refusal = Pick<ConnectorErrorDetail, 'code' | 'message'> & Partial<ConnectorErrorDetail>;

/**
 * The error an answer stands for, or undefined where it is a success. `explain` reads the vendor's code and words from
 * the parsed body (undefined where it is not JSON) and may overrule the classification of the status.
 */
export function refusalOf(answer: Answer, explain: (body: unknown) => Refusal | undefined): ConnectorError | undefined {
  const classified = classifyStatus(answer.status, answer.headers, Date.now());
  if (classified === undefined) return undefined;
  const said = explain(tryParse(answer.body));
  return new ConnectorError({
    code: `HTTP_${answer.status}`,
    message: `The system answered with status ${answer.status}.`,
    ...classified,
    ...said,
  });
}

/**
 * Reads a successful answer's body.
 * @throws ConnectorError where it is not what the contract promises; the effect stands, so it is looked up, not repeated.
 */
export function readBody<S extends z.ZodType>(answer: Answer, schema: S, what: string): z.infer<S> {
  const parsed = schema.safeParse(tryParse(answer.body));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw unreadable(`${what} cannot be understood${where}: ${issue?.message ?? 'not JSON'}.`);
}

/** The error of an answer that came with a success status but does not say what the contract promises. */
export function unreadable(message: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'unavailable',
    code: 'UNREADABLE_ANSWER',
    message,
    retryable: true,
    mayHaveHappened: true,
  });
}

/** Why a call cannot be made at all; nothing was sent. */
export function impossible(
  code: string,
  message: string,
  path?: string,
  errorClass: ErrorClass = 'rejected',
): ConnectorError {
  return new ConnectorError({
    errorClass,
    code,
    message,
    retryable: false,
    mayHaveHappened: false,
    ...(path === undefined ? {} : { path }),
  });
}

function tryParse(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}
