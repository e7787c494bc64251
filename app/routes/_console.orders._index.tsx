import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useState } from 'react';
import { requirePermission } from '#app/auth/guard.ts';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import { useLive } from '#app/live/use-live.ts';
import { MissingValues } from '#app/orders/missing-values.tsx';
import { OrderPanel } from '#app/orders/order-panel.tsx';
import { OrderTable } from '#app/orders/order-table.tsx';
import { presentOrderList } from '#app/presenters/order-list.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { pastedInWords } from '#app/orders/pasted-values.ts';

export const meta: MetaFunction = () => [{ title: 'Orders · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'orders.read');
  return presentOrderList(args.context, { search: new URL(args.request.url).searchParams, viewer });
}

export default function Orders() {
  const list = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const [opened, setOpened] = useState<string>();
  useLive({ topics: ['steps', 'cases'], flows: ['order_to_cash'], everyMs: 15_000 });
  return (
    <Page
      title="Orders"
      lead={`${list.pasted ? `${pastedInWords(list.pasted)}; orders` : list.searched ? 'found at any time' : `${list.accepted ? 'accepted' : 'placed'} in ${list.within}`}: ${formatNumber(list.total)}, ${formatNumber(list.late)} late, ${formatNumber(list.withCase)} in quarantine`}
      actions={
        <>
          <ViewsMenu list="orders" />
          <CsvLink to={`/orders/export.csv${search}`} />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <FindBox label="Find orders" placeholder="Order, SKU, document, tracking number…" />
        <FilterMenu name="problem" label="Problem" options={list.options.problems} single />
        <FilterMenu name="lifecycle" label="State" options={list.options.lifecycles} />
        <FilterMenu name="channel" label="Channel" options={list.options.channels} />
        <FilterMenu name="entity" label="Entity" options={list.options.entities} />
      </div>
      <Chips chips={list.chips} />
      {list.pasted && <MissingValues pasted={list.pasted} />}
      <OrderTable
        {...list}
        onOpen={(row) => setOpened(row.key)}
        onActive={(row) => setOpened((now) => now && row.key)}
      />
      <OrderPanel order={list.items.find((row) => row.key === opened)} onClose={() => setOpened(undefined)} />
    </Page>
  );
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
