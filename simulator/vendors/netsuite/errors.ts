import type { Refusal } from '../vendor.ts';

export interface NetSuiteProblem {
  detail: string;
  'o:errorCode': string;
  'o:errorPath'?: string;
}

export function userError(path: string, detail: string): NetSuiteProblem {
  return { detail: `Error while accessing a resource. ${detail}`, 'o:errorPath': path, 'o:errorCode': 'USER_ERROR' };
}

const titles: Record<number, { title: string; section: string }> = {
  400: { title: 'Bad Request', section: '10.4.1' },
  401: { title: 'Unauthorized', section: '10.4.2' },
  404: { title: 'Not Found', section: '10.4.5' },
  405: { title: 'Method Not Allowed', section: '10.4.6' },
  429: { title: 'Too Many Requests', section: '10' },
  500: { title: 'Internal Server Error', section: '10.5.1' },
  503: { title: 'Service Unavailable', section: '10.5.4' },
};

/** SuiteTalk REST error body: RFC 7807 with `o:errorDetails`. */
export function netSuiteError(status: number, problems: NetSuiteProblem[], headers?: Record<string, string>): Refusal {
  const { title, section } = titles[status] ?? { title: 'Error', section: '10' };
  return {
    status,
    headers: { 'content-type': 'application/vnd.oracle.resource+json; type=error', ...headers },
    body: JSON.stringify({
      type: `https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec${section}`,
      title,
      status,
      'o:errorDetails': problems,
    }),
  };
}

export const refusals = {
  unauthorised: () =>
    netSuiteError(401, [{ detail: 'Invalid login attempt.', 'o:errorCode': 'INVALID_LOGIN' }], {
      'www-authenticate': 'Bearer error="invalid_token"',
    }),
  internal: () => netSuiteError(500, [{ detail: 'An unexpected error occurred.', 'o:errorCode': 'UNEXPECTED_ERROR' }]),
  throttled: (seconds: number) =>
    netSuiteError(
      429,
      [{ detail: 'Concurrent request limit exceeded. Request blocked.', 'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED' }],
      { 'retry-after': String(seconds) },
    ),
  unavailable: (seconds: number) =>
    netSuiteError(
      503,
      [{ detail: 'NetSuite is down for scheduled maintenance.', 'o:errorCode': 'SERVICE_UNAVAILABLE' }],
      { 'retry-after': String(Math.min(seconds, 30)) },
    ),
};

export const notFound = (): Refusal =>
  netSuiteError(404, [
    {
      detail: 'The record instance does not exist. Provide a valid record instance ID.',
      'o:errorCode': 'NONEXISTENT_ID',
    },
  ]);
