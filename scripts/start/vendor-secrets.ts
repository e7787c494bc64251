import type { Estate } from '#contracts/v1/estate.ts';
import { newSecret, type Secrets } from './secrets.ts';
import { StartError } from './start-error.ts';

/** Names of the variables that an estate's systems take their secrets from. */
export function secretNames(estate: Estate): string[] {
  const settings = estate.systems.flatMap((system) => Object.values(system.settings));
  const names = settings.flatMap((setting) => (setting.startsWith('env:') ? [setting.slice('env:'.length)] : []));
  return [...new Set(names)].sort();
}

/**
 * Completes the secrets of the estate's systems: from the environment where it has them, otherwise made up once and
 * kept, which only a simulated estate can work with.
 * @throws StartError naming what a real estate lacks.
 */
export function completeVendorSecrets(
  secrets: Secrets,
  estate: Estate,
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  const names = secretNames(estate);
  const missing = names.filter((name) => !environment[name]);
  if (!estate.simulated && missing.length > 0)
    throw new StartError(
      `The estate "${estate.name}" takes secrets from the environment; these are not set: ${missing.join(', ')}.`,
    );
  const vendors = Object.fromEntries(
    names.map((name) => [name, environment[name] || secrets.vendors[name] || newSecret()]),
  );
  return { ...secrets, vendors };
}
