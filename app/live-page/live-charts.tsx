import { type Span, TimeSeries } from '#app/components/time-series.tsx';
import { formatDuration, formatRate } from '#app/format.ts';
import { countTicks, durationTicks } from '#app/presenters/ticks.ts';
import type { LiveView } from '#app/presenters/live.ts';

const ordersBetween = (more: string) => (from: string, to: string) =>
  `/orders?range=custom&from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}${more}`;

/** Order sync latency and orders per minute over the window, with the incidents that were open then. */
export function LiveCharts({ live, spans }: { live: LiveView; spans: readonly Span[] }) {
  const { bucketSeconds } = live.range;
  const bucket = formatDuration(bucketSeconds * 1_000);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <TimeSeries
        title="Order sync latency"
        note={`by confirmation, per ${bucket}`}
        kind="lines"
        bucketSeconds={bucketSeconds}
        spans={spans}
        format={formatDuration}
        ticks={durationTicks}
        target={{ value: live.latency.targetMs, name: `target ${formatDuration(live.latency.targetMs)}` }}
        drill={ordersBetween('&sort=-placed')}
        series={[
          { id: 'p99', name: 'p99', colour: 'category-3', points: live.latency.p99 },
          { id: 'p95', name: 'p95', colour: 'category-1', points: live.latency.p95 },
          { id: 'p50', name: 'p50', colour: 'category-2', points: live.latency.p50 },
        ]}
      />
      <TimeSeries
        title="Orders per minute"
        note={`accepted at intake, per ${bucket}`}
        kind="bars"
        bucketSeconds={bucketSeconds}
        spans={spans}
        format={formatRate}
        ticks={countTicks}
        drill={ordersBetween('&accepted=1')}
        series={[{ id: 'orders', name: 'Orders per minute', colour: 'category-1', points: live.orders }]}
      />
    </div>
  );
}
