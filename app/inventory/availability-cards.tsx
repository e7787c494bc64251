import type { ReactNode } from 'react';
import { StatusMark } from '#app/components/status-mark.tsx';
import { formatNumber } from '#app/format.ts';
import type { LocationOffer } from '#app/presenters/sku-availability.ts';
import { Drifts } from './drifts.tsx';

/** The same as the table, location below location, for a phone. */
export function AvailabilityCards({ places }: { places: readonly LocationOffer[] }) {
  return (
    <ul aria-label="Availability taken apart" className="divide-y divide-line">
      {places.map((place) => (
        <li key={place.location} className="px-3 py-2">
          <p className="font-medium">{place.name}</p>
          <p>
            {formatNumber(place.onHand)} <Term>on hand</Term> − {formatNumber(place.reserved)} <Term>reserved</Term> −{' '}
            {formatNumber(place.safety)} <Term>safety</Term> = {formatNumber(place.offerable)} <Term>offerable</Term>
            {place.short && <span className="text-label text-warn">, never below 0</span>}
          </p>
          {place.inTransit > 0 && (
            <p>
              {formatNumber(place.inTransit)} <Term>in transit</Term>
            </p>
          )}
          {place.drifts.length > 0 && <Drifts drifts={place.drifts} />}
          <ul className="mt-1 flex flex-col gap-1">
            {place.channels.map((offer) => (
              <li key={offer.channel} className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span>
                  <Term>{offer.name}</Term> × {offer.allocation} % = {formatNumber(offer.sellable)}
                </span>
                <span className="flex gap-2">
                  {offer.item?.published !== undefined && <Term>told {formatNumber(offer.item.published)}</Term>}
                  {offer.item ? (
                    <StatusMark condition={offer.item.condition} word={offer.item.word} className="text-label" />
                  ) : (
                    <Term>is not told</Term>
                  )}
                  {offer.drifts.length > 0 && <Drifts drifts={offer.drifts} />}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

const Term = ({ children }: { children: ReactNode }) => <span className="text-label text-muted">{children}</span>;
