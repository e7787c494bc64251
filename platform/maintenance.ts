import { Cron } from 'croner';
import type { System } from '#contracts/v1/estate.ts';

export interface MaintenanceTime {
  starts: Date;
  until: Date;
  reason: string;
}

/** The maintenance window of a system that runs at `now`, or else its next one. Windows are half-open. */
export function nextMaintenance({ maintenance }: Pick<System, 'maintenance'>, now: Date): MaintenanceTime | undefined {
  return maintenance
    .flatMap((window): MaintenanceTime[] => {
      const cron = new Cron(window.starts, { timezone: window.time_zone, paused: true });
      const starts = cron.nextRun(new Date(now.getTime() - window.duration_s * 1000));
      if (starts === null) return [];
      return [{ starts, until: new Date(starts.getTime() + window.duration_s * 1000), reason: window.reason }];
    })
    .sort((a, b) => a.starts.getTime() - b.starts.getTime())[0];
}

/** The end of the maintenance window that `now` lies in, or undefined. */
export function maintenanceUntil(system: Pick<System, 'maintenance'>, now: Date): Date | undefined {
  const next = nextMaintenance(system, now);
  return next !== undefined && next.starts <= now ? next.until : undefined;
}
