import { useSearchParams } from '@remix-run/react';
import { Tile } from '#app/components/tile.tsx';
import type { LiveView } from '#app/presenters/live.ts';
import { rangeSearch } from '#app/time-range.ts';

/** An address with the page's time range carried along. */
export function withRange(to: string, range: string): string {
  if (to.startsWith('#') || range === '') return to;
  const [path = '', query = ''] = to.split('?');
  const merged = new URLSearchParams(range);
  new URLSearchParams(query).forEach((value, name) => merged.set(name, value));
  return `${path}?${merged.toString()}`;
}

/** The six figures of the wall, each a link to what it counts. */
export function LiveTiles({ tiles, windowWords }: { tiles: LiveView['tiles']; windowWords: string }) {
  const [search] = useSearchParams();
  const range = rangeSearch(search);
  return (
    <div className="grid grid-cols-2 gap-2 sm:gap-3 md:grid-cols-3 min-[1280px]:grid-cols-6">
      {tiles.map(({ figure, id, ...tile }) => (
        <Tile
          key={id}
          id={id}
          {...tile}
          to={withRange(tile.to, range)}
          name={figure.name}
          definition={figure.definition}
          rates={figure.rates}
          window={['freshness', 'backlog', 'cases'].includes(id) ? 'now' : windowWords}
        />
      ))}
    </div>
  );
}
