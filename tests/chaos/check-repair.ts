import { Decimal } from 'decimal.js';
import type { CaseEvent } from '#contracts/v1/case.ts';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';
import { readStream } from './check-events.ts';
import type { RepairReports } from './repair-reports.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

/**
 * Every case exactly one outcome, and the same totals on the run, on its items, on the cases, in ClickHouse and in
 * everything that was downloaded from the console. Ingest must have ended: ClickHouse has one owner.
 */
export async function checkRepair(
  world: World,
  { run, cases, reports }: { run: RepairRun; cases: number; reports: RepairReports },
  violations: Violations,
): Promise<void> {
  const messages = await readLastPerSubject(world.js, streams.repairs, subjects.repairItems(run.run_id));
  const items = messages.map((message) => message.json<RepairItem>());
  violations.expect('cases in the run', run.run_id, items.length, cases);
  violations.expect('resolved, as the run counts', run.run_id, run.counts.resolved, cases);
  const resolved = items.filter(({ outcome }) => outcome === 'resolved').length;
  violations.expect('resolved, as the items say', run.run_id, resolved, cases);
  await checkCases(world, run, items, violations);
  await checkLanded(world, run, cases, violations);
  checkReports(reports, run, items, violations);
}

async function checkCases(
  world: World,
  { run_id }: RepairRun,
  items: readonly RepairItem[],
  violations: Violations,
): Promise<void> {
  const last = new Map<string, CaseEvent>();
  const replays = new Map<string, number>();
  for await (const { data } of readStream(world, streams.cases)) {
    const event = JSON.parse(Buffer.from(data).toString()) as CaseEvent;
    const id = event.state.case_id;
    last.set(id, event);
    if (event.type === 'replay_requested' || event.type === 'approved') replays.set(id, (replays.get(id) ?? 0) + 1);
  }
  for (const { case_id } of items) {
    const state = last.get(case_id)?.state;
    const stands = `${state?.status} ${state?.repair_run}`;
    violations.expect('cases not resolved by the run', case_id, stands, `resolved ${run_id}`);
    violations.expect('cases replayed once', case_id, replays.get(case_id), 1);
  }
}

async function checkLanded(world: World, { run_id }: RepairRun, cases: number, violations: Violations): Promise<void> {
  const clickhouse = await openClickHouse({ path: world.clickhousePath, readers: 1 });
  try {
    const [row] = await clickhouse.query(
      'SELECT count() AS items, countIf(outcome = {outcome:String}) AS resolved FROM repair_items WHERE run_id = {run:String}',
      { params: { outcome: 'resolved', run: run_id } },
    );
    violations.expect('repair in ClickHouse', 'items', Number(row?.['items']), cases);
    violations.expect('repair in ClickHouse', 'resolved', Number(row?.['resolved']), cases);
  } finally {
    await clickhouse.close();
  }
}

/** Each file has every item once, as it stands on the stream, and the console's totals are those of the run. */
function checkReports(
  { api, person, totals }: RepairReports,
  run: RepairRun,
  items: readonly RepairItem[],
  violations: Violations,
): void {
  for (const [outcome, total] of totals)
    violations.expect('totals the console tells', outcome, total, run.counts[outcome] ?? 0);
  for (const [name, rows] of Object.entries({ api, person })) {
    const kind = `report downloaded (${name})`;
    violations.expect(kind, 'rows', rows.length, items.length);
    const byCase = new Map(rows.map((row) => [row.case_id, row]));
    violations.expect(kind, 'cases', byCase.size, items.length);
    for (const { case_id, business_key, outcome, amount, currency, at } of items) {
      const row = byCase.get(case_id);
      const told = row && [row.business_key, row.outcome, plain(row.amount), row.currency, row.at].join(' ');
      violations.expect(kind, case_id, told, [business_key, outcome, plain(amount), currency, at].join(' '));
    }
  }
}

/** ClickHouse writes 29.00 as 29. */
const plain = (amount: string): string => (amount === '' ? '' : new Decimal(amount).toString());
