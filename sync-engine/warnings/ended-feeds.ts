import type { System } from '#contracts/v1/estate.ts';
import { type IntakeDomain, intakeDomains } from '#contracts/v1/subjects.ts';

/**
 * Domains of intake that a system no longer brings, on purpose: its setting `ended_feeds`, separated by commas.
 * @throws Error naming one that is no domain
 */
export function endedFeeds({ id, settings }: Pick<System, 'id' | 'settings'>): ReadonlySet<IntakeDomain> {
  const named = (settings['ended_feeds'] ?? '').split(',').map((name) => name.trim());
  return new Set(
    named.filter(Boolean).map((name) => {
      const domain = intakeDomains.find((one) => one === name);
      if (domain !== undefined) return domain;
      throw new Error(
        `The setting ended_feeds of the system "${id}" names "${name}"; expected one of ${intakeDomains.join(', ')}.`,
      );
    }),
  );
}
