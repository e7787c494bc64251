import { useState } from 'react';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { WebhookResult } from '#app/commands/webhook.ts';
import type { WebhookView } from '#app/presenters/webhooks.ts';
import { DeliveryLog } from './delivery-log.tsx';
import { WebhookNotice } from './secret-notice.tsx';
import { WebhookActions } from './webhook-actions.tsx';

/** One webhook: whom it tells of what, how its endpoint does, and every attempt. */
export function WebhookPage({ view }: { view: WebhookView }) {
  const [result, setResult] = useState<WebhookResult>();
  return (
    <Page
      title={view.name}
      lead={<StatusMark {...view.state} />}
      actions={view.may.write && <WebhookActions view={view} onResult={setResult} />}
    >
      <WebhookNotice result={result} />
      {view.status === 'disabled' && (
        <Notice kind="bad" title="It was disabled">
          {view.reason} <RelativeTime at={view.statusAt} />. Nothing is lost: once it is active again, its endpoint is
          told what happened meanwhile.
        </Notice>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title="What it tells">
          <Facts
            facts={[
              [
                'Endpoint',
                <span key="u" className="font-mono text-[12px]">
                  {view.url}
                </span>,
              ],
              ['Events', view.events.map(({ label }) => label).join(', ')],
              ['Secret made', <Instant key="s" at={view.secretChangedAt} />],
              ...(view.formerSecretUntil === ''
                ? []
                : ([['Former secret signs too until', <Instant key="f" at={view.formerSecretUntil} />]] as const)),
              ['Made by', view.createdBy],
              [
                'Changed by',
                <span key="c">
                  {view.changedBy}, <RelativeTime at={view.changedAt} />
                </span>,
              ],
            ]}
          />
        </Panel>
        <Panel title="How its endpoint does">
          <Facts
            facts={[
              ['Last delivered', <RelativeTime key="l" at={view.lastDeliveredAt} />],
              ['Last answer', view.lastStatus === 0 ? 'none' : String(view.lastStatus)],
              ['Failed in a row', formatNumber(view.failures)],
              ['Failing since', <RelativeTime key="f" at={view.failingSince} />],
              ['Waiting', formatNumber(view.waiting)],
              ['Next try', <RelativeTime key="n" at={view.nextTryAt} />],
            ]}
          />
        </Panel>
      </div>
      <DeliveryLog view={view} />
    </Page>
  );
}
