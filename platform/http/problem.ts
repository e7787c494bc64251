import type { Problem } from '#contracts/v1/channel-api.ts';

/** Why a request was refused, for metrics too: a closed list, so that their labels stay few. */
export type RefusalReason =
  | 'unauthorised'
  | 'forbidden'
  | 'unknown'
  | 'malformed'
  | 'invalid'
  | 'conflict'
  | 'refused'
  | 'too_large'
  | 'too_fast'
  | 'too_slow'
  | 'unavailable'
  | 'internal';

export interface Refusal {
  status: number;
  reason: RefusalReason;
  title: string;
  detail: string;
  errors?: readonly { path: string; message: string }[];
  because?: string;
  headers?: Record<string, string>;
}

/** A request that gets problem details (RFC 9457) instead of what it asked for. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.detail, options);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

export function problemOf(refusal: Refusal): Problem {
  const { status, reason, title, detail, errors, because } = refusal;
  return {
    type: `urn:syncline:problem:${reason}`,
    title,
    status,
    detail,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(because === undefined ? {} : { because }),
  };
}

export const invalid = (detail: string, errors: { path: string; message: string }[]): Refused =>
  new Refused({ status: 422, reason: 'invalid', title: 'The content is not valid', detail, errors });

export const unknown = (detail: string, errors?: { path: string; message: string }[]): Refused =>
  new Refused({
    status: 404,
    reason: 'unknown',
    title: 'Not found',
    detail,
    ...(errors === undefined ? {} : { errors }),
  });

export const conflict = (detail: string): Refused =>
  new Refused({ status: 409, reason: 'conflict', title: 'Conflict with what was accepted before', detail });

export const tooFast = (detail: string, retryAfterS: number): Refused =>
  new Refused({
    status: 429,
    reason: 'too_fast',
    title: 'Too many requests',
    detail,
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterS))) },
  });

export const unavailable = (detail: string, retryAfterS: number, cause: unknown): Refused =>
  new Refused(
    {
      status: 503,
      reason: 'unavailable',
      title: 'Not accepted, try again',
      detail,
      headers: { 'retry-after': String(retryAfterS) },
    },
    { cause },
  );

/** For webhooks: the same answer for an unknown sender and a wrong signature, so that neither can be probed. */
export const badSignature = (header: string): Refused =>
  new Refused({
    status: 401,
    reason: 'unauthorised',
    title: 'The signature is not valid',
    detail: `${header} does not match the body under the secret of this sender.`,
    headers: { 'www-authenticate': 'Signature realm="syncline"' },
  });

/** API key missing or wrong (RFC 6750). */
export const unauthorised = (detail: string): Refused =>
  new Refused({
    status: 401,
    reason: 'unauthorised',
    title: 'A valid API key is needed',
    detail,
    headers: { 'www-authenticate': 'Bearer realm="syncline", error="invalid_token"' },
  });

export const forbidden = (scope: string): Refused =>
  new Refused({
    status: 403,
    reason: 'forbidden',
    title: 'The API key does not allow this',
    detail: `This needs the scope "${scope}", which the API client does not have.`,
    headers: { 'www-authenticate': `Bearer realm="syncline", error="insufficient_scope", scope="${scope}"` },
  });
