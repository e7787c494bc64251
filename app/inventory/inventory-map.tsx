import { Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { InventoryView } from '#app/presenters/inventory.ts';
import { FreshnessMapTable } from './freshness-map-table.tsx';
import { LatencyMapTable } from './latency-map-table.tsx';

/** Where it is stale, or where and when it was slow; which of the two is in the address. */
export function InventoryMap({ view }: { view: InventoryView }) {
  const [asFigures, setAsFigures] = useState(false);
  const { freshness, latency } = view;
  const target = formatDuration(view.targetMs);
  const places = freshness?.rows.length ?? latency?.rows.length ?? 0;
  const note = freshness
    ? `now, by location and channel; ${formatNumber(places)} ${places === 1 ? 'location' : 'locations'}, the worst first`
    : `${view.within}, p95 per ${formatDuration((latency?.bucketSeconds ?? 0) * 1_000)}; low: within ${target}, middle: over it, high: over four times`;
  return (
    <Panel
      title={freshness ? 'Freshness by place' : 'Publication latency by place and time'}
      note={note}
      flush
      actions={
        <>
          {latency && (
            <Button look="quiet" aria-pressed={asFigures} onClick={() => setAsFigures(!asFigures)}>
              {asFigures ? 'Map' : 'Table'}
            </Button>
          )}
          <MapChoice byTime={latency !== undefined} />
        </>
      }
    >
      {places === 0 ? (
        <StateNotice
          kind="empty"
          title={freshness ? 'No channel has been told of any stock yet' : `Nothing was published in ${view.within}`}
        >
          {freshness
            ? 'Items appear with their first change of stock, once a channel is to be told of it.'
            : 'Choose a longer time.'}
        </StateNotice>
      ) : freshness ? (
        <FreshnessMapTable map={freshness} />
      ) : (
        latency && <LatencyMapTable map={latency} figures={asFigures} />
      )}
    </Panel>
  );
}

function MapChoice({ byTime }: { byTime: boolean }) {
  const [search] = useSearchParams();
  const to = (map: 'freshness' | 'latency') => {
    const next = new URLSearchParams(search);
    if (map === 'latency') next.set('map', map);
    else next.delete('map');
    return `?${next.toString()}`;
  };
  const look = (on: boolean) =>
    clsx('px-2.5 py-1 text-label', on ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover');
  return (
    <nav aria-label="What the map shows" className="flex overflow-hidden rounded border border-line-strong">
      <Link to={to('freshness')} preventScrollReset aria-current={!byTime || undefined} className={look(!byTime)}>
        Place × channel
      </Link>
      <Link to={to('latency')} preventScrollReset aria-current={byTime || undefined} className={look(byTime)}>
        Place × time
      </Link>
    </nav>
  );
}
