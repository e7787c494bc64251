import type { Operation } from './operations.ts';

/** An operation that another has taken the place of. */
export interface Deprecated {
  /** Since when it is deprecated, and when it may be gone, RFC 3339. */
  since: string;
  sunset: string;
  /** What to ask instead, in Fastify's spelling, with the same parameters. */
  successor: string;
}

/** Where the policy and every deprecation are written down. */
const POLICY = '/openapi.json';

/**
 * The headers by which a program learns that what it asks will go: Deprecation (RFC 9745, a structured date), Sunset
 * (RFC 8594, an HTTP date) and links to what takes its place and to the policy.
 */
export function deprecationHeaders(
  { deprecated }: Pick<Operation, 'deprecated'>,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  if (deprecated === undefined) return {};
  const { since, sunset, successor } = deprecated;
  const path = successor.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
  return {
    deprecation: `@${Math.floor(Date.parse(since) / 1000)}`,
    sunset: new Date(sunset).toUTCString(),
    link: `<${path}>; rel="successor-version", <${POLICY}>; rel="deprecation"; type="application/json"`,
  };
}
