import { useFetcher, useLocation } from '@remix-run/react';
import { Button } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { WebhookResult } from '#app/commands/webhook.ts';
import type { DeliveryLine, WebhookView } from '#app/presenters/webhooks.ts';
import { deliveryPageSize, webhookPath } from './paths.ts';
import { WebhookNotice } from './secret-notice.tsx';

const columns: readonly TableColumn<DeliveryLine>[] = [
  { id: 'at', header: 'When', fixed: true, cell: (row) => <RelativeTime at={row.at} /> },
  { id: 'outcome', header: 'Outcome', cell: (row) => <StatusMark {...row.state} /> },
  { id: 'answer', header: 'Answer', cell: (row) => row.answer },
  { id: 'event', header: 'Event', wideOnly: true, cell: (row) => row.event },
  {
    id: 'subject',
    header: 'About',
    fills: true,
    wideOnly: true,
    cell: (row) => (
      <span title={row.subject} className="font-mono text-[12px]">
        {row.subject}
      </span>
    ),
  },
  {
    id: 'attempt',
    header: 'Attempt',
    numeric: true,
    wideOnly: true,
    cell: (row) => `${formatNumber(row.attempt)}${row.replayed ? ', replay' : ''}`,
  },
  { id: 'took', header: 'Took', numeric: true, wideOnly: true, cell: (row) => <Duration ms={row.tookMs} /> },
  { id: 'next', header: 'Next try', wideOnly: true, cell: (row) => <RelativeTime at={row.nextAt} /> },
];

/** Every attempt to tell the endpoint, and the button that tells it again. */
export function DeliveryLog({ view }: { view: WebhookView }) {
  const fetcher = useFetcher<WebhookResult>({ key: `replay:${view.id}` });
  const { search } = useLocation();
  const { log } = view;
  const replay = (what: Record<string, string>) =>
    fetcher.submit({ intent: 'replay', ...what }, { method: 'post', action: webhookPath(view.id) });
  const busy = fetcher.state !== 'idle';
  const again: TableColumn<DeliveryLine> = {
    id: 'again',
    header: 'Tell again',
    cell: (row) => (
      <Button look="quiet" disabled={busy} onClick={() => replay({ event_seq: String(row.eventSeq) })}>
        Replay
      </Button>
    ),
  };
  const mayReplay = view.may.write && view.status === 'active';
  return (
    <section aria-label="Delivery log" className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-medium">Delivery log</h2>
        <span className="text-label text-muted">
          {formatNumber(log.total)} attempts in {log.within}, {formatNumber(log.delivered)} delivered
        </span>
        <FindBox label="Find deliveries" placeholder="Order key or sku@location" />
        <FilterMenu name="outcome" label="Outcome" options={log.outcomes} />
        <FilterMenu name="event" label="Event" options={view.choices} />
        <span className="ml-auto flex items-center gap-2">
          <CsvLink to={`${webhookPath(view.id)}/deliveries.csv${search}`} />
          {mayReplay && (
            <Button busy={busy} onClick={() => replay({ from: log.from, to: log.to })}>
              Replay all of {log.within}
            </Button>
          )}
        </span>
      </div>
      <Chips chips={log.chips} />
      {fetcher.state === 'idle' && <WebhookNotice result={fetcher.data} />}
      <DataTable
        label="Deliveries"
        columns={mayReplay ? [...columns, again] : columns}
        rows={log.rows}
        rowKey={(row) => row.id}
        rowPath={(row) => `${webhookPath(view.id)}?q=${encodeURIComponent(row.subject)}`}
        paging={{ page: log.page, pageSize: deliveryPageSize, total: log.total }}
        empty={
          <StateNotice kind="empty" title={`Nothing was told in ${log.within}`}>
            Choose a longer time, or remove a filter.
          </StateNotice>
        }
      />
    </section>
  );
}
