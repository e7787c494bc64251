import { repairOutcome, type RepairRun } from '#contracts/v1/repair.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { readListAddress } from '#app/components/table-address.ts';
import { maskText } from '#app/payloads/mask.ts';
import {
  casesSince,
  repairItemCounts,
  repairItemList,
  type RepairItemRow,
  repairReasons,
} from '#app/queries/repair-items.ts';
import { itemPageSize } from '#app/repairs/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords, type EstateNames } from '#app/words/names.ts';
import { outcomesInOrder, repairStatusWords, toReplay, wentOn } from '#app/words/repair-runs.ts';
import { operationInWords, reasonInWords, repairInShort } from '#app/words/repairs.ts';

/** Who paused or aborted the run is a colleague, not a customer: that address is shown. */
function colleagueIn(message: string): string[] {
  const [, actor] = /^(?:Paused|Aborted) by ([^\s:]+)/.exec(message) ?? [];
  return actor === undefined ? [] : [actor.toLowerCase()];
}

/** A run in one line. */
export function presentRun(run: RepairRun, names: EstateNames) {
  return {
    id: run.run_id,
    status: run.status,
    ...repairStatusWords(run.status),
    what: repairInShort(run.repair, names),
    reason: run.reason,
    fingerprint: run.fingerprint,
    items: run.items,
    resolved: wentOn(run),
    stoppedLater: run.counts.stopped_later ?? 0,
    createdBy: run.created_by,
    startedBy: run.started_by,
    createdAt: run.created_at,
    updatedAt: run.updated_at,
    message: inWords(maskText(run.message, colleagueIn(run.message)), names),
  };
}
export type RunLine = ReturnType<typeof presentRun>;

export async function presentRuns(context: AppContext, viewer: Viewer) {
  const names = estateNames(context.estate);
  const runs = await context.repairRuns.all();
  return {
    may: { replay: may(viewer.roles, 'cases.replay') },
    runs: runs.slice(0, 200).map((run) => presentRun(run, names)),
  };
}

/** Everything a run's page shows. @throws Response 404 where there is no such run */
export async function presentRepairRun(context: AppContext, viewer: Viewer, id: string, search: URLSearchParams) {
  const run = await context.repairRuns.get(id);
  if (run === undefined) throw new Response('There is no such repair run.', { status: 404 });
  const names = estateNames(context.estate);
  const { page } = readListAddress(search, []);
  const outcomes = search.getAll('outcome').flatMap((one) => repairOutcome.safeParse(one).data ?? []);
  const [rows, counted, reasons, since] = await Promise.all([
    context.read(repairItemList, { run: id, outcomes, limit: itemPageSize, offset: (page - 1) * itemPageSize }),
    context.read(repairItemCounts, { run: id }),
    context.read(repairReasons, { run: id }),
    run.fingerprint === ''
      ? []
      : context.read(casesSince, { fingerprint: run.fingerprint, since: run.created_at, run: id }),
  ]);
  const landed = counted.reduce(
    (sum, { outcome, cases }) => (outcomes.length === 0 || outcomes.includes(outcome) ? sum + cases : sum),
    0,
  );
  const repair = run.repair;
  return {
    ...presentRun(run, names),
    changes: repair.kind === 'patch' ? repair.operations.map(operationInWords) : [],
    rate: run.rate_per_s,
    wave: run.wave,
    toReplay: toReplay(run),
    counts: outcomesInOrder.flatMap((outcome) => {
      const cases = run.counts[outcome] ?? 0;
      return cases === 0 ? [] : [{ outcome, cases }];
    }),
    reasons: reasons.map((one) => ({ ...one, message: reasonInWords(inWords(maskText(one.message), names)) })),
    since: since[0]?.cases ?? 0,
    // A rule answers a cause; cases chosen by hand may have several.
    mayBeRule: repair.kind === 'patch' && run.fingerprint !== '' && wentOn(run) > 0,
    may: { replay: may(viewer.roles, 'cases.replay'), rule: may(viewer.roles, 'rules.write') },
    chosen: outcomes,
    rows: rows.map((row) => presentItem(row, names)),
    page,
    total: landed,
  };
}

export const presentItem = (row: RepairItemRow, names: EstateNames) => ({
  id: row.case_id,
  number: row.business_key,
  amount: row.currency === '' ? '' : row.amount,
  currency: row.currency,
  outcome: row.outcome,
  message: reasonInWords(inWords(maskText(row.message), names)),
  at: row.at,
});
export type RepairItemLine = ReturnType<typeof presentItem>;
export type RepairRunView = Awaited<ReturnType<typeof presentRepairRun>>;
