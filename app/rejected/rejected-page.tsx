import { useLocation } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import type { RejectedView } from '#app/presenters/rejected.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { listId, rejectedPath } from './paths.ts';
import { ReasonTable } from './reason-table.tsx';
import { RejectedList } from './rejected-list.tsx';

/** What came to ingest and could not be counted, and why. */
export function RejectedPage({ view }: { view: RejectedView }) {
  const { search } = useLocation();
  return (
    <Page title="Rejected events" lead={`what came and is counted nowhere, by when it arrived, ${view.within}`}>
      <ReasonTable reasons={view.reasons} more={view.moreReasons} range={view.range} />
      <section aria-labelledby={listId} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={listId} className="mr-2 scroll-mt-16 font-medium">
            Events <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FindBox label="Find rejected events" placeholder="Subject, producer, reason…" />
          <FilterMenu name="stream" label="Came by" options={view.options.streams} />
          <FilterMenu name="field" label="Field" options={view.options.fields} />
          <span className="ml-auto flex items-center gap-2">
            <ViewsMenu list="rejected" />
            <CsvLink to={`${rejectedPath}/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        <RejectedList view={view} />
      </section>
    </Page>
  );
}
