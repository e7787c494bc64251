import { stringifyExactJson } from '#platform/exact-json.ts';
import type { PreparedCall } from '../connector.ts';

/** A call with a JSON body, or without one. */
export function jsonCall(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): PreparedCall {
  if (body === undefined) return { method, path, headers, body: '' };
  return {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: stringifyExactJson(body),
  };
}

/** One segment of a path, with everything but unreserved characters escaped. */
export const segment = (text: string): string => encodeURIComponent(text);
