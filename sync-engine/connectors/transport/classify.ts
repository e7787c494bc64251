import type { ConnectorErrorDetail } from '../connector.ts';

export type Classified = Pick<ConnectorErrorDetail, 'errorClass' | 'retryable' | 'mayHaveHappened' | 'retryAfterMs'>;

/** Longest wait a Retry-After is believed for: a vendor's clock may be wrong. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/**
 * Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds, with Shopify's fraction ("2.0"), or an HTTP-date.
 * Undefined where it is absent or says nothing usable.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.round(Number(text) * 1000), longestRetryAfterMs);
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  return Math.min(Math.max(at - nowMs, 0), longestRetryAfterMs);
}

/**
 * What an HTTP status means for the call, undefined for success (2xx). A refusal (4xx) had no effect; a server error
 * may have had one, except 503 with Retry-After, by which a server says that it did not begin.
 */
export function classifyStatus(
  status: number,
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): Classified | undefined {
  if (status >= 200 && status < 300) return undefined;
  const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (status) {
    case 401:
    case 403:
    case 407:
      return { errorClass: 'auth', retryable: false, mayHaveHappened: false };
    case 408:
      return { errorClass: 'timeout', retryable: true, mayHaveHappened: true, ...wait };
    case 409:
    case 412:
      return { errorClass: 'conflict', retryable: false, mayHaveHappened: false };
    case 423:
    case 425:
      return { errorClass: 'unavailable', retryable: true, mayHaveHappened: false, ...wait };
    case 429:
      return { errorClass: 'throttled', retryable: true, mayHaveHappened: false, ...wait };
    case 501:
    case 505:
      return { errorClass: 'rejected', retryable: false, mayHaveHappened: false };
    case 503:
      return { errorClass: 'unavailable', retryable: true, mayHaveHappened: retryAfterMs === undefined, ...wait };
    case 504:
      return { errorClass: 'timeout', retryable: true, mayHaveHappened: true, ...wait };
    default:
      if (status >= 500) return { errorClass: 'unavailable', retryable: true, mayHaveHappened: true, ...wait };
      return { errorClass: 'rejected', retryable: false, mayHaveHappened: status < 400 };
  }
}

/** Failures that happen before a byte of the request leaves: name look-up, connection, TLS. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const timeouts = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** The deepest `code` of an error: undici and AggregateError wrap the socket's own. */
export function networkCode(error: unknown): string {
  let code = '';
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    const own: unknown = Reflect.get(current, 'code');
    if (typeof own === 'string') code = own;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return code;
}

/** What it means that no answer came, by the error's code. */
export function classifyNetworkError(code: string): Classified {
  return {
    errorClass: timeouts.has(code) ? 'timeout' : 'unavailable',
    retryable: true,
    mayHaveHappened: !neverSent.has(code),
  };
}
