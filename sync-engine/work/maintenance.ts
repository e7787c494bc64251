import { Cron } from 'croner';
import type { System } from '#contracts/v1/estate.ts';

/** The end of the maintenance window that `now` lies in, or undefined. Windows are half-open, in their own time zone. */
export function maintenanceUntil(system: System, now: Date): Date | undefined {
  for (const window of system.maintenance) {
    const cron = new Cron(window.starts, { timezone: window.time_zone, paused: true });
    const lookFrom = new Date(now.getTime() - window.duration_s * 1000);
    const start = cron.nextRun(lookFrom);
    if (start !== null && start <= now) return new Date(start.getTime() + window.duration_s * 1000);
  }
  return undefined;
}
