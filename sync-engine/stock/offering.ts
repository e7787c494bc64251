import type { Estate } from '#contracts/v1/estate.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { VerbName } from '../connectors/services.ts';
import type { Offering } from './journal.ts';

/**
 * How the estate offers its stock. A channel that asks through Syncline's own API reads availability itself, so it is
 * never called; a system that is only observed, or takes no stock from us, is not called either.
 */
export function offeringOf(estate: Estate, kinds: Pick<Kinds, 'isPulled'>, offers: Offers = () => true): Offering {
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
              publication: publicationOf(estate, kinds, offers, channel.system),
            },
          ]),
      ),
    };
  }
  return offering;
}

/** Does a system offer a business service? */
export type Offers = (system: string, verb: VerbName) => boolean;

function publicationOf(
  estate: Estate,
  kinds: Pick<Kinds, 'isPulled'>,
  offers: Offers,
  systemId: string,
): 'push' | 'pull' | 'none' {
  const system = estate.systems.find((candidate) => candidate.id === systemId);
  if (!system || system.mode === 'observe') return 'none';
  if (kinds.isPulled(systemId)) return 'pull';
  return isPushed(kinds, offers, systemId) ? 'push' : 'none';
}

/** Is a system told of availability, once it is live? */
export const isPushed = (kinds: Pick<Kinds, 'isPulled'>, offers: Offers = () => true, system: string): boolean =>
  !kinds.isPulled(system) && offers(system, 'publish_availability');
