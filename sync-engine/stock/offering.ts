import type { Estate } from '#contracts/v1/estate.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { Offering } from './journal.ts';

/**
 * How the estate offers its stock. A channel that asks through Syncline's own API reads availability itself, so it is
 * never called; a system that is only observed is not called either.
 */
export function offeringOf(estate: Estate, kinds: Pick<Kinds, 'isPulled'>): Offering {
  const offering: Offering = {};
  for (const location of estate.locations) {
    offering[location.id] = {
      safety_stock: location.safety_stock,
      channels: Object.fromEntries(
        estate.channels
          .filter((channel) => channel.locations.includes(location.id))
          .map((channel) => [
            channel.id,
            {
              allocation_percent: channel.allocation_percent,
              publication: publicationOf(estate, kinds, channel.system),
            },
          ]),
      ),
    };
  }
  return offering;
}

function publicationOf(estate: Estate, kinds: Pick<Kinds, 'isPulled'>, systemId: string): 'push' | 'pull' | 'none' {
  const system = estate.systems.find((candidate) => candidate.id === systemId);
  if (!system || system.mode === 'observe') return 'none';
  return kinds.isPulled(systemId) ? 'pull' : 'push';
}
