import { Cron } from 'croner';
import type { PlannedWindow } from '#contracts/v1/connector-switch.ts';
import type { System } from '#contracts/v1/estate.ts';

export interface MaintenanceTime {
  starts: Date;
  until: Date;
  reason: string;
}

/**
 * The maintenance window of a system that runs at `now`, or else its next one: of those that the estate declares and those
 * that people planned. Windows are half-open.
 */
export function nextMaintenance(
  { maintenance }: Pick<System, 'maintenance'>,
  now: Date,
  planned: readonly PlannedWindow[] = [],
): MaintenanceTime | undefined {
  const ahead = planned
    .map(({ from, until, reason }) => ({ starts: new Date(from), until: new Date(until), reason }))
    .filter(({ until }) => until > now);
  return maintenance
    .flatMap((window): MaintenanceTime[] => {
      const cron = new Cron(window.starts, { timezone: window.time_zone, paused: true });
      const starts = cron.nextRun(new Date(now.getTime() - window.duration_s * 1000));
      if (starts === null) return [];
      return [{ starts, until: new Date(starts.getTime() + window.duration_s * 1000), reason: window.reason }];
    })
    .concat(ahead)
    .sort((a, b) => a.starts.getTime() - b.starts.getTime())[0];
}

/** The end of the maintenance window that `now` lies in, or undefined. */
export function maintenanceUntil(
  system: Pick<System, 'maintenance'>,
  now: Date,
  planned: readonly PlannedWindow[] = [],
): Date | undefined {
  const next = nextMaintenance(system, now, planned);
  return next !== undefined && next.starts <= now ? next.until : undefined;
}
