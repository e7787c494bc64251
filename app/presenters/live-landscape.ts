import type { Estate, System } from '#contracts/v1/estate.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { connectorPath } from '#app/connectors/paths.ts';
import type { SystemTraffic } from '#app/queries/system-traffic.ts';
import type { ConnectorRow } from './live-connectors.ts';

/** One link of the map: between the engine and a system. */
export interface LinkView {
  id: string;
  name: string;
  group: string;
  side: 'channel' | 'system';
  /** Orders in, or calls out, per minute of the window. */
  ratePerMin: number;
  /** Median and 95th percentile in ms: ingestion lag of what came in, duration of calls; null where nothing went. */
  p50: number | null;
  p95: number | null;
  failures: number;
  count: number;
  condition: Condition;
  word: string;
  backlog: number;
  to: string;
}

const groups: Record<System['role'], { group: string; order: number }> = {
  channel: { group: 'Channels', order: 0 },
  stores: { group: 'Channels', order: 0 },
  erp: { group: 'ERP', order: 1 },
  wms: { group: 'Warehouses', order: 2 },
  payment: { group: 'Finance', order: 3 },
  tax: { group: 'Finance', order: 3 },
  fraud: { group: 'Services', order: 4 },
  notification: { group: 'Services', order: 4 },
  service_desk: { group: 'Services', order: 4 },
  carrier: { group: 'Services', order: 4 },
};

/** Channels → engine → ERP, warehouses, finance: every system of the estate with what went over its link. */
export function landscapeLinks(
  estate: Estate,
  connectors: readonly ConnectorRow[],
  traffic: readonly SystemTraffic[],
  minutes: number,
): LinkView[] {
  const links = connectors.map((connector): LinkView & { order: number } => {
    const { group, order } = groups[connector.role];
    const side = order === 0 ? 'channel' : 'system';
    const went = traffic.find((one) => one.system === connector.id && one.inbound === (side === 'channel'));
    const failures = traffic
      .filter((one) => one.system === connector.id && !one.inbound)
      .reduce((sum, one) => sum + one.failures, 0);
    const channel = estate.channels.find((one) => one.system === connector.id);
    return {
      id: connector.id,
      name: connector.name,
      group,
      order,
      side,
      ratePerMin: (went?.count ?? 0) / minutes,
      p50: went?.took[0] ?? null,
      p95: went?.took[1] ?? null,
      failures,
      count: went?.count ?? 0,
      ...(!connector.known && (went?.count ?? 0) > 0
        ? ({ condition: 'good', word: 'arriving' } as const)
        : { condition: connector.condition, word: connector.word }),
      backlog: connector.backlog,
      to: side === 'channel' && channel ? `/orders?accepted=1&channel=${channel.id}` : connectorPath(connector.id),
    };
  });
  return links.sort((a, b) => a.order - b.order).map(({ order: _, ...link }) => link);
}
