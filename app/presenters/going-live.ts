import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { checksOf, type Facts, notReady, tallyOf } from '#app/going-live/checks.ts';
import { maskText } from '#app/payloads/mask.ts';
import { itemsKept, lastSeenWorking, openMappingCases, passedOver } from '#app/queries/going-live.ts';
import { latestRuns } from '#app/queries/reconciliation.ts';
import type { AppContext } from '#app/server/context.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { roleWords } from '#app/words/connectors.ts';
import { estateNames, inWords } from '#app/words/names.ts';

type Asked = Pick<AppContext, 'estate' | 'switches' | 'read' | 'repairs' | 'now'>;

/** So far is looked back where nobody decided on a mode since. */
const LOOKS_BACK_MS = 30 * 86_400_000;

/** What is known of every system of the estate. */
async function factsOf(context: Asked): Promise<Facts[]> {
  const { estate, switches, read, repairs, now } = context;
  const since = new Date(now().getTime() - LOOKS_BACK_MS).toISOString();
  const systems = estate.systems.map((system) => ({ system, decided: switches.get(system.id)?.mode }));
  const passedSince = systems.map(({ decided }) => (decided?.mode === 'observe' ? decided.changed_at : since));
  const [passed, seen, cases, runs, items, shadows] = await Promise.all([
    read(passedOver, { systems: systems.map(({ system }) => system.id), since: passedSince }),
    read(lastSeenWorking, { since }),
    read(openMappingCases, {}),
    read(latestRuns, {}),
    read(itemsKept, {}),
    repairs.shadows(),
  ]);
  const stock = runs.filter(({ kind }) => kind === 'stock').sort((a, b) => (a.requested_at < b.requested_at ? 1 : -1));
  const [shadow] = [...shadows].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  return systems.map(({ system, decided }) => ({
    system,
    decided,
    passed: passed.filter((row) => row.system === system.id),
    seen: seen.find((row) => row.system === system.id),
    items: itemsAt(estate, items, system.id),
    mappingCases: cases.find(({ lacking }) => lacking === system.id)?.cases ?? 0,
    stock: stock.find(({ groups }) => groups.some((group) => group.system === system.id)),
    shadow,
  }));
}

/** Of a warehouse: the SKUs kept at each location that is its own. */
const itemsAt = (
  { locations }: AppContext['estate'],
  kept: readonly { location: string; items: number }[],
  system: string,
): Facts['items'] =>
  locations
    .filter(({ wms }) => wms === system)
    .map(({ id, name }) => ({ name, items: kept.find(({ location }) => location === id)?.items ?? 0 }));

function lineOf(facts: Facts) {
  const { system, seen, passed, decided } = facts;
  const checks = checksOf(facts);
  return {
    id: system.id,
    name: system.name,
    role: roleWords(system.role),
    live: system.mode === 'live',
    decided: decided && { by: decided.changed_by, at: decided.changed_at, reason: decided.reason },
    seenAt: seen?.answered_at || (seen?.heard_at ?? ''),
    tally: tallyOf(passed),
    checks,
    notReady: notReady(checks).map(({ title }) => title),
  };
}

/** Every system with its mode and what speaks against going live, those that are only observed first. */
export async function presentGoingLive(context: Asked) {
  const lines = (await factsOf(context)).map(lineOf);
  return {
    systems: lines.sort((a, b) => Number(a.live) - Number(b.live) || a.name.localeCompare(b.name)),
    observed: lines.filter(({ live }) => !live).length,
  };
}
export type GoingLiveView = Awaited<ReturnType<typeof presentGoingLive>>;
export type GoingLiveLine = GoingLiveView['systems'][number];

/** The way of one system to going live. @throws Response 404 where the estate has no such system */
export async function presentGoingLiveOf(context: Asked, viewer: Viewer, id: string) {
  const facts = (await factsOf(context)).find(({ system }) => system.id === id);
  if (facts === undefined) throw new Response('This estate has no such system.', { status: 404 });
  const names = estateNames(context.estate);
  return {
    ...lineOf(facts),
    passedAtSwitch: facts.decided?.passed_over ?? null,
    passed: facts.passed.map((row) => ({
      id: `${row.outcome} ${row.stop_class} ${row.stop_code}`,
      outcome: row.outcome,
      code: row.stop_code,
      message: inWords(maskText(row.stop_message), names),
      calls: row.calls,
      transactions: row.transactions,
      latestAt: row.latest_at,
      latest: transactionPath(row.latest_flow, row.latest_key),
    })),
    may: { control: may(viewer.roles, 'connectors.control') },
  };
}
export type GoingLiveOfView = Awaited<ReturnType<typeof presentGoingLiveOf>>;
export type PassedOverLine = GoingLiveOfView['passed'][number];
