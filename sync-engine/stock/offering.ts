import type { Estate } from '#contracts/v1/estate.ts';
import type { Offering } from './journal.ts';

/**
 * How the estate offers its stock. A channel behind Syncline's own channel API reads availability itself, so it is
 * never called; a system that is only observed is not called either.
 */
export function offeringOf(estate: Estate): Offering {
  const offering: Offering = {};
  for (const location of estate.locations) {
    offering[location.id] = {
      safety_stock: location.safety_stock,
      channels: Object.fromEntries(
        estate.channels
          .filter((channel) => channel.locations.includes(location.id))
          .map((channel) => [
            channel.id,
            { allocation_percent: channel.allocation_percent, publication: publicationOf(estate, channel.system) },
          ]),
      ),
    };
  }
  return offering;
}

function publicationOf(estate: Estate, systemId: string): 'push' | 'pull' | 'none' {
  const system = estate.systems.find((candidate) => candidate.id === systemId);
  if (!system || system.mode === 'observe') return 'none';
  return system.kind === 'channel-api' ? 'pull' : 'push';
}
