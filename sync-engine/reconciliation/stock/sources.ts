import type { Estate, System } from '#contracts/v1/estate.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import type { VerbName } from '../../connectors/services.ts';
import { placeOf } from '../../connectors/places.ts';
import type { StockSide } from './compare.ts';

/** One other side to be read: a system, and the estate's locations by the system's own names of them. */
export interface StockSource {
  side: StockSide;
  system: System;
  channel: string;
  /** The system's name of a place → location of the estate. */
  places: ReadonlyMap<string, string>;
  /** The system's name of an item in ours. */
  sku: (code: string) => string;
}

export interface SourcesOptions {
  estate: Estate;
  offers: (system: string, verb: VerbName) => boolean;
  mapping: (kind: MappingKind, system: string, code: string) => string | undefined;
  /** Every code of a system's places that is mapped, with its location. */
  mappedPlaces: (system: string) => ReadonlyMap<string, string>;
}

/**
 * Who is asked what is where: of each location the ERP of its legal entity and its warehouse system, of each channel the
 * shop itself. A system that cannot list its stock, or does not know a place, is not compared.
 */
export function stockSources(plan: StockPlan, options: SourcesOptions): StockSource[] {
  const { estate, offers, mapping } = options;
  const made = (side: StockSide, systemId: string, channel: string, places: Map<string, string>): StockSource[] => {
    const system = estate.systems.find(({ id }) => id === systemId);
    if (system === undefined || places.size === 0 || !offers(systemId, 'list_stock')) return [];
    // Channels and the ERP know our SKUs; a warehouse may have names of its own.
    const sku = (code: string) => (side === 'wms' ? (mapping('sku', systemId, code) ?? code) : code);
    return [{ side, system, channel, places, sku }];
  };
  const placed = (systemId: string, locations: readonly string[]) => {
    const settings = estate.systems.find(({ id }) => id === systemId)?.settings ?? {};
    return new Map(
      locations.flatMap((id) => {
        const place = placeOf(settings, id);
        return place === undefined ? [] : [[place, id] as const];
      }),
    );
  };
  const erpOf = new Map(estate.legal_entities.map(({ id, erp }) => [id, erp]));
  const bySide: Record<StockSide, () => StockSource[]> = {
    erp: () =>
      [...new Set(erpOf.values())].flatMap((erp) => {
        const own = estate.locations.filter((location) => erpOf.get(location.legal_entity) === erp);
        return made(
          'erp',
          erp,
          '',
          placed(
            erp,
            own.map(({ id }) => id),
          ),
        );
      }),
    wms: () =>
      [...new Set(estate.locations.flatMap(({ wms }) => wms ?? []))].flatMap((wms) => {
        // A store's order desk says what is to be picked; what lies in the store is what its tills count.
        const own = estate.locations.filter(({ kind, wms: of }) => of === wms && kind !== 'store');
        const mapped = options.mappedPlaces(wms);
        const codes = new Map([...mapped].filter(([, location]) => own.some(({ id }) => id === location)));
        // A place may also go by the estate's own name of it.
        for (const { id } of own) if (![...codes.values()].includes(id)) codes.set(id, id);
        return made('wms', wms, '', codes);
      }),
    channel: () =>
      estate.channels.flatMap((channel) =>
        made('channel', channel.system, channel.id, placed(channel.system, channel.locations)),
      ),
  };
  return plan.compare.flatMap((side) => bySide[side]());
}
