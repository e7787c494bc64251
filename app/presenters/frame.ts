import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { Preferences } from '#app/preferences.ts';
import { openCaseCount } from '#app/queries/open-case-count.ts';
import type { AppContext } from '#app/server/context.ts';
import { readCausesNow } from './causes-now.ts';
import { presentOpenIncidents } from './incidents.ts';
import { simulationOf } from './simulation.ts';

/** What stands around every page: who, where, and how many cases wait. */
export async function presentFrame(context: AppContext, viewer: Viewer, preferences: Preferences) {
  const open = async () => context.read(openCaseCount, { muted_causes: (await readCausesNow(context)).muted });
  const [[cases], simulation] = await Promise.all([open(), simulationOf(context)]);
  return {
    viewer: { name: viewer.name, email: viewer.email, roles: viewer.roles },
    estate: { name: context.estate.name, simulation },
    preferences,
    openCases: cases?.open ?? 0,
    incidents: presentOpenIncidents(context),
    may: { raise: may(viewer.roles, 'incidents.raise'), update: may(viewer.roles, 'incidents.update') },
    loadedAt: context.now().toISOString(),
  };
}
