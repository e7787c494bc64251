import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentReturns } from '#app/presenters/returns.ts';
import { ReturnFilter } from '#app/returns/return-filter.tsx';
import { ReturnList } from '#app/returns/return-list.tsx';
import { ViewsMenu } from '#app/views/views-menu.tsx';

export const meta: MetaFunction = () => [{ title: 'Returns · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'orders.read');
  return presentReturns(args.context, new URL(args.request.url).searchParams);
}

export default function Returns() {
  const { returns, counts, problem } = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], flows: ['return_to_refund'], everyMs: 15_000 });
  return (
    <Page
      title="Returns"
      lead={`${formatNumber(counts.all)} within 90 days: ${formatNumber(counts.open)} open, ${formatNumber(counts.stuck)} past their time, ${formatNumber(counts.stopped)} in quarantine`}
      actions={
        <>
          <ReturnFilter problem={problem} />
          <ViewsMenu list="returns" />
        </>
      }
    >
      <ReturnList returns={returns} />
    </Page>
  );
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
