import { clsx } from 'clsx';
import { Fragment, type ReactNode } from 'react';
import { Hint } from '#app/components/hint.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import type { ChannelOffer, LocationOffer } from '#app/presenters/sku-availability.ts';
import { Drifts } from './drifts.tsx';

const headCell =
  'sticky top-0 z-10 border-b border-line bg-raised px-2.5 py-1.5 text-label font-medium whitespace-nowrap text-muted';
const cell = 'border-b border-line px-2.5 py-1.5 align-top';

/** A SKU at each location as an equation from what lies there to what each channel may sell, and what it was told. */
export function AvailabilityTable({ places }: { places: readonly LocationOffer[] }) {
  return (
    <div className="max-h-[560px] overflow-auto">
      <table aria-label="Availability taken apart" className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th className={clsx(headCell, 'text-left')}>Location</th>
            <NumberHead>On hand</NumberHead>
            <NumberHead>− Reserved</NumberHead>
            <NumberHead>− Safety stock</NumberHead>
            <NumberHead>= Offerable</NumberHead>
            <NumberHead>In transit</NumberHead>
            <th className={clsx(headCell, 'text-left')}>Channel</th>
            <NumberHead>× Allocation</NumberHead>
            <th className={clsx(headCell, 'text-right')}>
              <Hint text={figures.sellable.definition}>
                <span tabIndex={0} className="underline decoration-dotted underline-offset-2">
                  = Sellable
                </span>
              </Hint>
            </th>
            <NumberHead>Told</NumberHead>
            <th className={clsx(headCell, 'text-left')}>Confirmed</th>
            <th className={clsx(headCell, 'text-left')}>State</th>
            <th className={clsx(headCell, 'text-left')}>Drift</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <Fragment key={place.location}>
              <tr>
                <Equation place={place} />
                <Offer offer={place.channels[0]} />
              </tr>
              {place.channels.slice(1).map((offer) => (
                <tr key={offer.channel}>
                  <Offer offer={offer} />
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const NumberHead = ({ children }: { children: ReactNode }) => (
  <th className={clsx(headCell, 'text-right')}>{children}</th>
);

function Equation({ place }: { place: LocationOffer }) {
  const rows = Math.max(1, place.channels.length);
  const number = (value: number, more = '') => (
    <td rowSpan={rows} className={clsx(cell, 'text-right', more)}>
      {formatNumber(value)}
    </td>
  );
  return (
    <>
      <th scope="row" rowSpan={rows} className={clsx(cell, 'text-left font-normal whitespace-nowrap')}>
        {place.name}
        <span className="block text-label text-muted">
          changed <RelativeTime at={place.changedAt} />
        </span>
        {place.drifts.length > 0 && (
          <span className="block text-label">
            <Drifts drifts={place.drifts} />
          </span>
        )}
      </th>
      {number(place.onHand, place.onHand < 0 ? 'text-bad' : '')}
      {number(place.reserved)}
      {number(place.safety)}
      <td rowSpan={rows} className={clsx(cell, 'text-right font-medium')}>
        {formatNumber(place.offerable)}
        {place.short && <span className="block text-label font-normal text-warn">never below 0</span>}
      </td>
      {number(place.inTransit, 'text-muted')}
    </>
  );
}

function Offer({ offer }: { offer: ChannelOffer | undefined }) {
  if (offer === undefined)
    return (
      <td colSpan={7} className={clsx(cell, 'text-muted')}>
        No channel sells from here.
      </td>
    );
  const { item } = offer;
  return (
    <>
      <td className={clsx(cell, 'whitespace-nowrap')}>{offer.name}</td>
      <td className={clsx(cell, 'text-right')}>{offer.allocation} %</td>
      <td className={clsx(cell, 'text-right font-medium')}>{formatNumber(offer.sellable)}</td>
      <td className={clsx(cell, 'text-right')}>
        {item?.published === undefined ? <span className="text-muted">–</span> : formatNumber(item.published)}
      </td>
      <td className={clsx(cell, 'whitespace-nowrap')}>
        {item === undefined || item.confirmedAt === '' ? (
          <span className="text-muted">–</span>
        ) : (
          <RelativeTime at={item.confirmedAt} />
        )}
      </td>
      <td className={clsx(cell, 'whitespace-nowrap')}>
        {item === undefined ? (
          <span className="text-muted">is not told</span>
        ) : (
          <StatusMark condition={item.condition} word={item.word} />
        )}
      </td>
      <td className={cell}>
        <Drifts drifts={offer.drifts} />
      </td>
    </>
  );
}
