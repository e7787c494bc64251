import type { Refusal } from '../vendor.ts';

/** A refusal in the form that the Selling Partner API has for all of them. */
export const spError = (status: number, code: string, message: string, details = ''): Refusal => ({
  status,
  body: { errors: [{ code, message, details }] },
});

export const refusals = {
  unauthorised: () =>
    spError(
      403,
      'Unauthorized',
      'Access to requested resource is denied.',
      'The access token you provided is revoked, malformed or invalid.',
    ),
  internal: () => spError(500, 'InternalFailure', 'We encountered an internal error. Please try again.'),
  // Amazon names no Retry-After: who asks keeps to the rate in x-amzn-RateLimit-Limit.
  throttled: (_seconds: number) => spError(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.'),
  unavailable: (_seconds: number) => spError(503, 'ServiceUnavailable', 'Service is temporarily unavailable.'),
};
