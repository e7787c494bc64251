import { useLocation } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import type { ReturnsView } from '#app/presenters/returns.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { returnsPath } from './paths.ts';
import { ReturnFilter } from './return-filter.tsx';
import { ReturnList } from './return-list.tsx';

/** What came back or is to come: which wait, which are late, and what of them is in quarantine. */
export function ReturnsPage({ view }: { view: ReturnsView }) {
  const { search } = useLocation();
  const { all, open, stuck, stopped } = view.counts;
  return (
    <Page
      title="Returns"
      lead={`${formatNumber(all)} within 90 days: ${formatNumber(open)} open, ${formatNumber(stuck)} past their time, ${formatNumber(stopped)} in quarantine`}
    >
      <div className="flex flex-wrap items-center gap-2">
        <ReturnFilter problem={view.problem} counts={view.counts} />
        <FindBox label="Find returns" placeholder="Number of the return or its order…" />
        <FilterMenu name="channel" label="Channel" options={view.options.channels} />
        <span className="ml-auto flex items-center gap-2">
          <ViewsMenu list="returns" />
          <CsvLink to={`${returnsPath}/export.csv${search}`} />
        </span>
      </div>
      <Chips chips={view.chips} />
      <ReturnList view={view} />
    </Page>
  );
}
