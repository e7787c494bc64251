import type { System } from '#contracts/v1/estate.ts';
import type { Secrets } from '../connector.ts';

/**
 * A secret of a system, by the name of its setting ("access_token"), whose value in the estate file is `env:NAME`.
 * @throws Error naming the setting that is absent; the engine does not start with a connector it cannot use.
 */
export function credential(system: System, setting: string, secrets: Secrets): string {
  const name = system.settings[setting];
  if (name === undefined)
    throw new Error(
      `The system "${system.id}" needs the setting "${setting}" in the estate file, for example env:NAME.`,
    );
  return secrets(name);
}

/** Bearer authentication (RFC 6750). */
export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Basic authentication (RFC 7617) with an API key as the user and no password. */
export const basicKey = (key: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${key}:`, 'utf8').toString('base64')}`,
});
