import { useFetcher, useLocation } from '@remix-run/react';
import type { ReconciliationResult } from '#app/commands/reconciliation.ts';
import { Button } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { Tile } from '#app/components/tile.tsx';
import { formatNumber } from '#app/format.ts';
import type { ReconciliationView } from '#app/presenters/reconciliation.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { BreakList } from './break-list.tsx';
import { MissingBar } from './missing-bar.tsx';
import { fetchKey } from './paths.ts';
import { RunList } from './run-list.tsx';

interface Props {
  view: ReconciliationView;
  result: ReconciliationResult | undefined;
}

/** What was compared, what differs, and who looks after it. */
export function ReconciliationPage({ view, result }: Props) {
  const { search } = useLocation();
  const fetched = useFetcher<ReconciliationResult>({ key: fetchKey });
  return (
    <Page
      title="Reconciliation"
      lead="Orders, stock, captures, refunds and postings, held against what every other system has"
      actions={view.mayRun && view.plans.map((plan) => <RunNow key={plan.id} {...plan} />)}
    >
      {result !== undefined && <Notice kind={result.ok ? 'good' : 'bad'}>{result.message}</Notice>}
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 sm:gap-3 lg:grid-cols-5">
        {view.tiles.map(({ figure, ...tile }) => (
          <Tile
            key={tile.id}
            {...tile}
            name={figure.name}
            definition={figure.definition}
            rates={figure.rates}
            window="now"
          />
        ))}
      </div>
      <section aria-labelledby="runs" className="flex flex-col gap-2">
        <h2 id="runs" className="font-medium">
          Latest comparisons
        </h2>
        <RunList runs={view.runs} />
      </section>
      <section aria-labelledby="breaks" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id="breaks" className="mr-2 font-medium">
            Breaks <span className="text-label text-muted">{formatNumber(view.total)}</span>
          </h2>
          <FindBox label="Find breaks" placeholder="SKU, order number, reference…" />
          <FilterMenu name="status" label="State" options={view.options.statuses} />
          <FilterMenu name="domain" label="Domain" options={view.options.domains} />
          <FilterMenu name="kind" label="Difference" options={view.options.kinds} />
          <FilterMenu name="system" label="System" options={view.options.systems} />
          <FilterMenu name="entity" label="Entity" options={view.options.entities} />
          <span className="ml-auto flex items-center gap-2">
            <ViewsMenu list="reconciliation" />
            <CsvLink to={`/reconciliation/export.csv${search}`} />
          </span>
        </div>
        <Chips chips={view.chips} />
        {fetched.state === 'idle' && fetched.data !== undefined && (
          <Notice kind={fetched.data.ok ? 'good' : 'bad'}>{fetched.data.message}</Notice>
        )}
        {view.mayFetch && view.missing.orders > 0 && <MissingBar missing={view.missing} rates={view.rates} />}
        <BreakList breaks={view.breaks} page={view.page} total={view.total} filtered={view.filtered} />
      </section>
    </Page>
  );
}

function RunNow({ id, name }: { id: string; name: string }) {
  const run = useFetcher<ReconciliationResult>({ key: `reconcile:${id}` });
  return (
    <run.Form method="post" className="flex items-center gap-2">
      {run.data?.ok === false && <span className="text-label text-bad">{run.data.message}</span>}
      <Button type="submit" name="plan" value={id} busy={run.state !== 'idle'} title={`Compare now: ${name}`}>
        Compare {`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`}
      </Button>
    </run.Form>
  );
}
