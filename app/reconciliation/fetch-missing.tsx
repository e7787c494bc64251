import { useFetcher, useLocation } from '@remix-run/react';
import { useEffect, useState } from 'react';
import type { ReconciliationResult } from '#app/commands/reconciliation.ts';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { Money } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { MissingOrdersView } from '#app/presenters/missing-orders.ts';
import { fetchKey, fetchLimit, fetchPath } from './paths.ts';

/** Fetches all the missing orders that the filters leave, with their count and money to be confirmed first. */
export function FetchMissing({ missing }: { missing: MissingOrdersView }) {
  const { search } = useLocation();
  const fetcher = useFetcher<ReconciliationResult>({ key: fetchKey });
  const [asking, setAsking] = useState(false);
  const { state, data } = fetcher;
  useEffect(() => {
    if (state === 'idle' && data !== undefined) setAsking(false);
  }, [state, data]);
  const { orders, value, byCurrency } = missing;
  const all = `${formatNumber(orders)} ${orders === 1 ? 'order' : 'orders'}`;
  const first = orders > fetchLimit;
  return (
    <>
      <Button look="primary" onClick={() => setAsking(true)}>
        Fetch and send through {formatNumber(orders)}
      </Button>
      <Dialog open={asking} onOpenChange={setAsking} title={`Fetch and send through ${all}?`}>
        <fetcher.Form method="post" action={fetchPath} className="flex flex-col gap-3">
          <input type="hidden" name="search" value={search} />
          <input type="hidden" name="orders" value={orders} />
          <input type="hidden" name="amount" value={value.amount} />
          <p>
            {all} of <Money {...value} /> will be asked of their channels and processed as if they had just arrived:
            stock is reserved, money captured and parcels shipped. An order that has arrived meanwhile is left alone.
          </p>
          <ul className="text-muted">
            {byCurrency.map((one) => (
              <li key={one.currency} className="flex justify-between gap-4">
                <span>
                  {formatNumber(one.orders)} in {one.currency}
                </span>
                <Money amount={one.amount} currency={one.currency} />
              </li>
            ))}
          </ul>
          {value.withoutRate.length > 0 && (
            <Notice kind="warn">{value.withoutRate.join(', ')} has no rate and is not in the sum.</Notice>
          )}
          {first && (
            <Notice kind="info">{`The ${formatNumber(fetchLimit)} placed first go now; press again for the others.`}</Notice>
          )}
          <DialogButtons
            leave="Leave them"
            onLeave={() => setAsking(false)}
            confirm="Fetch and send through"
            busy={state !== 'idle'}
          />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
