import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { Page } from '#app/components/page.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentStores } from '#app/presenters/stores.ts';
import { StoreList } from '#app/stores/store-list.tsx';
import { TakingsTable } from '#app/stores/takings-table.tsx';

export const meta: MetaFunction = () => [{ title: 'Stores · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentStores(args.context, new URL(args.request.url).searchParams);
}

export default function Stores() {
  const { stores, all, options, takings, silent, unheard, catchingUp, stopped, silentAfterMs } =
    useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], flows: ['store_settlement'], everyMs: 15_000 });
  return (
    <Page
      title="Stores"
      lead={`${formatNumber(all)}: ${formatNumber(silent)} silent for more than ${formatDuration(silentAfterMs)}, ${formatNumber(unheard)} never heard of, ${formatNumber(catchingUp)} catching up, ${formatNumber(stopped)} ${stopped === 1 ? 'day' : 'days'} in quarantine`}
    >
      <StoreList stores={stores} all={all} options={options} />
      <TakingsTable {...takings} />
    </Page>
  );
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
