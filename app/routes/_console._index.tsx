import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { buttonClass } from '#app/components/button.tsx';
import { Page } from '#app/components/page.tsx';
import { Backlog } from '#app/live-page/backlog.tsx';
import { EmptyEstate } from '#app/live-page/empty-estate.tsx';
import { FailureFeed } from '#app/live-page/failure-feed.tsx';
import { Landscape } from '#app/live-page/landscape.tsx';
import { LiveCharts } from '#app/live-page/live-charts.tsx';
import { LiveTiles } from '#app/live-page/live-tiles.tsx';
import { RaiseFromLive } from '#app/live-page/raise-from-live.tsx';
import { StoresTransmitting } from '#app/live-page/stores-transmitting.tsx';
import { Wall } from '#app/live-page/wall.tsx';
import { WarningCount } from '#app/live-page/warning-count.tsx';
import { useLive } from '#app/live/use-live.ts';
import { incidentSpans } from '#app/presenters/incidents.ts';
import { presentLive } from '#app/presenters/live.ts';
import { countRejected } from '#app/presenters/rejected.ts';
import { rangeSearch, readTimeRange } from '#app/time-range.ts';
import { may } from '#contracts/v1/permissions.ts';

export const meta: MetaFunction = () => [{ title: 'Live · Syncline' }];

export async function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  const { context } = args;
  const range = readTimeRange(new URL(args.request.url).searchParams, context.now());
  const [live, rejected] = await Promise.all([
    presentLive(context, range),
    may(viewer.roles, 'rejected.read') ? countRejected(context, range) : 0,
  ]);
  const spans = incidentSpans(context.incidents.all(), range);
  return { live, rejected, spans, estateName: context.estate.name };
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';

export default function LivePage() {
  const { live, rejected, estateName, spans } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const words = live.range.words;
  // The window slides although nothing may happen: an outage must be seen too.
  useLive({ everyMs: 10_000, final: live.range.id === 'custom' });
  if (search.get('wall') === '1') return <Wall live={live} estateName={estateName} />;
  return (
    <Page
      title="Live"
      lead={`${words}; backfill is not counted`}
      actions={
        <>
          <WarningCount {...live.warnings} />
          <RaiseFromLive live={live} />
          <Link
            to={`?wall=1${rangeSearch(search).replace('?', '&')}`}
            className={buttonClass('quiet', 'max-sm:hidden')}
          >
            Wallboard
          </Link>
        </>
      }
    >
      {live.isEmpty && <EmptyEstate />}
      <LiveTiles tiles={live.tiles} windowWords={words} />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Landscape links={live.links} ordersPerMinute={live.ordersPerMinute} windowWords={words} />
        <FailureFeed
          groups={live.groups}
          muted={live.mutedGroups}
          neverArrived={live.neverArrived}
          rejected={rejected}
          rates={live.rates}
          windowWords={words}
        />
      </div>
      <LiveCharts live={live} spans={spans} />
      <StoresTransmitting states={live.stores} />
      <Backlog connectors={live.connectors} />
    </Page>
  );
}
