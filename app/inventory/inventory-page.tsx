import { useLocation } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { Tile } from '#app/components/tile.tsx';
import { formatNumber } from '#app/format.ts';
import type { InventoryView } from '#app/presenters/inventory.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { InventoryMap } from './inventory-map.tsx';
import { ItemList } from './item-list.tsx';
import { listId } from './paths.ts';

/** Whether channels show the stock there is: figures, where it is not so, and the items themselves. */
export function InventoryPage({ view }: { view: InventoryView }) {
  const { search } = useLocation();
  const windowOf = (id: string) =>
    ['publication', 'superseded'].includes(id) ? view.within : id === 'accuracy' ? 'the latest comparison' : 'now';
  return (
    <Page title="Inventory" lead={`items now; publications and updates ${view.within}`}>
      <div className="grid grid-cols-2 gap-2 sm:gap-3 md:grid-cols-3 xl:grid-cols-5">
        {view.tiles.map(({ figure, ...tile }) => (
          <Tile key={tile.id} {...tile} name={figure.name} definition={figure.definition} window={windowOf(tile.id)} />
        ))}
      </div>
      <InventoryMap view={view} />
      <section aria-labelledby={listId} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={listId} className="mr-2 scroll-mt-16 font-medium">
            Items <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FindBox label="Find items" placeholder="SKU…" />
          <FilterMenu name="state" label="State" options={view.options.states} />
          <FilterMenu name="channel" label="Channel" options={view.options.channels} />
          <FilterMenu name="location" label="Location" options={view.options.locations} />
          <span className="ml-auto flex gap-2 max-sm:hidden">
            <ViewsMenu list="inventory" />
            <CsvLink to={`/inventory/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        <ItemList items={view.items} page={view.page} total={view.total} filtered={view.filtered} />
      </section>
    </Page>
  );
}
