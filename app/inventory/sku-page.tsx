import { Link, useLocation } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { TimeSeries } from '#app/components/time-series.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { SkuView } from '#app/presenters/sku.ts';
import { AvailabilityCards } from './availability-cards.tsx';
import { AvailabilityTable } from './availability-table.tsx';
import { ChangeList } from './change-list.tsx';
import { historyAsked, inventoryPath, listId, rangeOf } from './paths.ts';

/** One SKU: what may be sold of it where, what channels were told, and what happened to it. */
export function SkuPage({ view }: { view: SkuView }) {
  const { search } = useLocation();
  const { sums, history } = view;
  const per = formatDuration(view.bucketSeconds * 1_000);
  const drill =
    (kinds: readonly string[] = []) =>
    (from: string, to: string) =>
      historyAsked(view.path, rangeOf(from, to), kinds);
  const exported = new URLSearchParams(search);
  exported.set('sku', view.sku);
  return (
    <Page
      title={view.sku}
      lead={`${formatNumber(sums.onHand)} on hand, ${formatNumber(sums.reserved)} reserved, ${formatNumber(sums.inTransit)} in transit at ${formatNumber(view.places.length)} ${view.places.length === 1 ? 'location' : 'locations'}, now`}
      actions={
        <Link to={`${inventoryPath}${view.range}`} className={buttonClass('quiet')}>
          Inventory
        </Link>
      }
    >
      <Panel
        title="Availability"
        note="on hand − reserved − safety stock, of which each channel has its share, rounded down; in transit is sold once it is received"
        flush
      >
        <div className="max-sm:hidden">
          <AvailabilityTable places={view.places} />
        </div>
        <div className="sm:hidden">
          <AvailabilityCards places={view.places} />
        </div>
      </Panel>
      <div className="grid gap-4 lg:grid-cols-2">
        <TimeSeries
          title="On hand"
          note={`${view.within}, at the end of each ${per}`}
          kind="lines"
          bucketSeconds={view.bucketSeconds}
          format={formatNumber}
          drill={drill()}
          series={view.onHand}
        />
        <TimeSeries
          title="Changes and publications"
          note={`${view.within}, per ${per}`}
          kind="bars"
          bucketSeconds={view.bucketSeconds}
          format={formatNumber}
          drill={drill(view.activityKinds)}
          series={view.activity}
        />
      </div>
      <section aria-labelledby={listId} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={listId} className="mr-2 scroll-mt-16 font-medium">
            History <span className="text-label text-muted">{formatNumber(history.total)}</span>
          </h2>
          <FilterMenu name="kind" label="What" options={history.options.kinds} />
          <FilterMenu name="channel" label="Channel" options={history.options.channels} />
          <FilterMenu
            name="location"
            label="Location"
            options={view.places.map(({ location, name }) => ({ value: location, label: name }))}
          />
          <CsvLink to={`/stock-changes/export.csv?${exported.toString()}`} className="ml-auto" />
        </div>
        <Chips chips={history.chips} />
        <ChangeList view={history} ofOne />
      </section>
    </Page>
  );
}
