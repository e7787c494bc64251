import { useLocation } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { Tile } from '#app/components/tile.tsx';
import { formatNumber } from '#app/format.ts';
import type { PostingsView } from '#app/presenters/postings.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { CauseTable } from './cause-table.tsx';
import { listId } from './paths.ts';
import { PostingList } from './posting-list.tsx';
import { SummaryTable } from './summary-table.tsx';

/** What was posted to whose books, what failed and why, what waits. */
export function PostingsPage({ view }: { view: PostingsView }) {
  const { search } = useLocation();
  return (
    <Page title="Postings" lead={`by their latest attempt, ${view.within}; backfill is not counted`}>
      <div className="grid grid-cols-2 gap-2 sm:gap-3 lg:grid-cols-4">
        {view.tiles.map(({ figure, ...tile }) => (
          <Tile key={tile.id} {...tile} name={figure.name} definition={figure.definition} window={view.within} />
        ))}
      </div>
      <SummaryTable lines={view.summary} range={view.range} within={view.within} />
      <CauseTable causes={view.causes} others={view.otherFailed} range={view.range} />
      <section aria-labelledby={listId} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={listId} className="mr-2 scroll-mt-16 font-medium">
            Postings <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FindBox label="Find postings" placeholder="Posting key, document, order number…" />
          <FilterMenu name="state" label="State" options={view.options.states} />
          <FilterMenu name="system" label="System" options={view.options.systems} />
          <FilterMenu name="entity" label="Entity" options={view.options.entities} />
          <FilterMenu name="document" label="Document" options={view.options.documents} />
          <span className="ml-auto flex items-center gap-2">
            <ViewsMenu list="postings" />
            <CsvLink to={`/postings/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        <PostingList
          postings={view.postings}
          page={view.page}
          total={view.total}
          filtered={view.filtered}
          within={view.within}
        />
      </section>
    </Page>
  );
}
