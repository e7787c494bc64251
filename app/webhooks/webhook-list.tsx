import { Link } from '@remix-run/react';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { WebhookResult } from '#app/commands/webhook.ts';
import type { presentWebhooks, WebhookLine } from '#app/presenters/webhooks.ts';
import { webhookPath, webhooksPath } from './paths.ts';
import { WebhookNotice } from './secret-notice.tsx';
import { WebhookForm } from './webhook-form.tsx';

const columns: readonly TableColumn<WebhookLine>[] = [
  {
    id: 'name',
    header: 'Webhook',
    fixed: true,
    cell: (row) => (
      <Link to={webhookPath(row.id)} prefetch="intent" className="font-medium hover:text-accent">
        {row.name}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (row) => <StatusMark {...row.state} /> },
  {
    id: 'url',
    header: 'Endpoint',
    fills: true,
    wideOnly: true,
    cell: (row) => (
      <span title={row.url} className="font-mono text-[12px]">
        {row.url}
      </span>
    ),
  },
  { id: 'events', header: 'Events', numeric: true, wideOnly: true, cell: (row) => formatNumber(row.events.length) },
  { id: 'waiting', header: 'Waiting', numeric: true, cell: (row) => formatNumber(row.waiting) },
  {
    id: 'last',
    header: 'Last delivered',
    wideOnly: true,
    cell: (row) => <RelativeTime at={row.lastDeliveredAt} />,
  },
];

/** Who is told of what happens, and how their endpoints do. */
export function WebhookList({ list }: { list: Awaited<ReturnType<typeof presentWebhooks>> }) {
  const [asking, setAsking] = useState(false);
  const [result, setResult] = useState<WebhookResult>();
  return (
    <Page
      title="Webhooks"
      lead="Who is told of orders and stock"
      actions={
        <>
          <CsvLink to={`${webhooksPath}/export.csv`} />
          {list.may.write && (
            <Button look="primary" onClick={() => setAsking(true)}>
              New webhook
            </Button>
          )}
        </>
      }
    >
      <WebhookNotice result={result} />
      <DataTable
        label="Webhooks"
        columns={columns}
        rows={list.rows}
        rowKey={(row) => row.id}
        rowPath={(row) => webhookPath(row.id)}
        empty={
          <StateNotice kind="empty" title="Nobody is told yet">
            A webhook posts signed messages of what happens to orders and stock to a receiver of yours; docs/events.md
            tells what is in them.
          </StateNotice>
        }
      />
      <WebhookForm
        open={asking}
        onOpenChange={setAsking}
        action={`${webhooksPath}?index`}
        choices={list.choices}
        onDone={setResult}
      />
    </Page>
  );
}
