import { Link, useLocation } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import type { StockChangesView } from '#app/presenters/stock-changes.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { ChangeList } from './change-list.tsx';
import { inventoryPath, listId } from './paths.ts';

/** Every change of stock of the window and what channels were told of it. */
export function StockChangesPage({ view }: { view: StockChangesView }) {
  const { search } = useLocation();
  return (
    <Page
      title="Stock changes"
      lead={`changes and publications, ${view.within}; backfill is not counted`}
      actions={
        <Link to={`${inventoryPath}${view.range}`} className={buttonClass('quiet')}>
          Inventory
        </Link>
      }
    >
      <section aria-labelledby={listId} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={listId} className="mr-2 scroll-mt-16 font-medium">
            Events <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FindBox label="Find stock changes" placeholder="SKU…" />
          <FilterMenu name="kind" label="What" options={view.options.kinds} />
          <FilterMenu name="channel" label="Channel" options={view.options.channels} />
          <FilterMenu name="location" label="Location" options={view.options.locations} />
          <span className="ml-auto flex items-center gap-2">
            <ViewsMenu list="stock-changes" />
            <CsvLink to={`/stock-changes/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        <ChangeList view={view} ofOne={false} />
      </section>
    </Page>
  );
}
