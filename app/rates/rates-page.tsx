import { useLocation } from '@remix-run/react';
import { useCallback, useState } from 'react';
import type { RateResult } from '#app/commands/rate.ts';
import { Button } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { figures } from '#app/figures.ts';
import { formatDay, formatNumber } from '#app/format.ts';
import type { RateLine, RatesView } from '#app/presenters/rates.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { RateDialog } from './rate-dialog.tsx';
import { RateTable } from './rate-table.tsx';

type Draft = Pick<RateLine, 'day' | 'currency' | 'rate' | 'version'>;

/** What sums over currencies are worked out by: the rates in force today, and the whole table. */
export function RatesPage({ view }: { view: RatesView }) {
  const { search } = useLocation();
  const [draft, setDraft] = useState<Draft>();
  const [result, setResult] = useState<RateResult>();
  const correct = useCallback((line: RateLine) => setDraft(line), []);
  return (
    <Page
      title="Rates"
      lead={`to ${view.reportingCurrency}, by day and currency`}
      actions={
        view.mayWrite && (
          <Button look="primary" onClick={() => setDraft({ day: view.today, currency: '', rate: '', version: 0 })}>
            Set a rate
          </Button>
        )
      }
    >
      {result !== undefined && <Notice kind="good">{result.message}</Notice>}
      {view.unreadable.length > 0 && (
        <Notice kind="bad">
          Stored rates that cannot be read count as absent: {view.unreadable.join(', ')}. Another version of Syncline
          wrote them, or a person did.
        </Notice>
      )}
      <InForce view={view} />
      <section aria-labelledby="table" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id="table" className="mr-2 font-medium">
            All rates <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FilterMenu name="currency" label="Currency" options={view.currencies} />
          <span className="ml-auto flex items-center gap-2">
            <ViewsMenu list="rates" />
            <CsvLink to={`/rates/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        <RateTable view={view} onCorrect={correct} />
      </section>
      {draft !== undefined && (
        <RateDialog
          draft={draft}
          reportingCurrency={view.reportingCurrency}
          onClose={() => setDraft(undefined)}
          onDone={(done) => {
            setDraft(undefined);
            setResult(done);
          }}
        />
      )}
    </Page>
  );
}

function InForce({ view }: { view: RatesView }) {
  return (
    <Panel title="In force today" note={`${formatDay(view.today)}, UTC`}>
      <p className="mb-3 max-w-prose text-muted">{figures.ratesInForce.definition}</p>
      {view.inForce.length === 0 ? (
        <p>Everything is in {view.reportingCurrency}: no rate is needed.</p>
      ) : (
        <ul className="flex flex-wrap gap-x-8 gap-y-3">
          {view.inForce.map(({ currency, rate, day, setBy }) => (
            <li key={currency}>
              <span className="block text-muted">{currency}</span>
              <span className="block text-figure font-semibold tracking-tight">{rate}</span>
              <span className="block text-label text-muted">
                {day === '' ? 'from the estate file' : `since ${formatDay(day)}, set by ${setBy}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
