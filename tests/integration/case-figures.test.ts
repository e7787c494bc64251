import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { CaseState } from '#contracts/v1/case.ts';
import { readCaseFilter } from '#app/cases/filters.ts';
import { readDescribedCauses } from '#app/presenters/described-causes.ts';
import { caseCount, caseFigures, caseGroupFigures, caseGroups } from '#app/queries/case-figures.ts';
import { type CaseRow, caseList } from '#app/queries/case-list.ts';
import { causesOpenSince, causeTrends } from '#app/queries/cause-trends.ts';
import { openCaseCount } from '#app/queries/open-case-count.ts';
import { ratesOn } from '#platform/rates.ts';
import { type Query, runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '../support/clickhouse.ts';
import { testEstate } from '../support/simulator.ts';

const noon = Date.parse('2026-03-01T12:00:00.000Z');
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const now = at(0);
const estate = testEstate();
const of = <T>(from: readonly [T, ...T[]], n: number): T => from[n % from.length] ?? from[0];
let server: TestClickHouse;

/** Case `n`, opened a while ago; what it is like follows from its number. */
const opened = (n: number): CaseState => ({
  v: 1,
  case_id: `c-${(n * 7_919) % 1_000}`,
  status: 'open',
  revision: 1,
  flow: 'order_to_cash',
  key: `shopify-us==${n}`,
  trace_id: 'a'.repeat(32),
  business_key: `#${1_000 + n}`,
  step: of(['validate', 'map_tax_codes', 'wms_release'], n % 11),
  system: of(['', 'netsuite', 'dc-east'], n % 11),
  channel: 'shopify-us',
  legal_entity: 'northwind-us',
  fingerprint: `cause${n % 11}`,
  problems: [
    {
      error_class: of(['validation', 'mapping', 'stock'], n % 11),
      error_code: `code_${n % 11}`,
      path: `/line_items/${n % 3}`,
      document: 'received',
      message: `Order #${1_000 + n} says code ${n % 11}`,
      ...(n % 11 === 4 ? { missing_mapping: { kind: 'tax_code', system: 'netsuite', code: `TX-${n}` } } : {}),
    },
  ],
  amount: `${n}.${n % 10}5`,
  currency: of(['USD', 'EUR', 'XXX'], n),
  deadline: n % 5 === 0 ? '' : at(200 - n),
  origin: 'live',
  assignee: of(['', 'sam@syncline.example', '', 'ines@syncline.example'], n),
  payload_version: 1,
  tags: n % 6 === 0 ? ['vat', `tag${n % 4}`] : [],
  failed_ordinal: 3,
  times_failed: 1,
  opened_at: at(-10 * n),
  updated_at: at(-10 * n),
  closed_at: '',
  outcome: '',
});

const people = ['sam@syncline.example', 'ines@syncline.example'] as const;

/** Awaits a second person; asked for by one of two people, and written by nobody, the one or the other. */
const awaiting = (state: CaseState, n: number): CaseState => ({
  ...state,
  revision: 2,
  status: 'awaiting_approval',
  approval: { requested_by: of(people, n), requested_at: state.opened_at, override_stale: false },
  authors: n % 3 === 0 ? [] : [of(people, n % 3)],
  mentioned: n % 2 === 0 ? [people[0]] : [],
});

/** What became of it: some closed each way, some open again, one of another cause than at first. */
function later(state: CaseState, n: number): CaseState[] {
  const closed = (status: CaseState['status'], revision: number): CaseState => ({
    ...state,
    status,
    revision,
    closed_at: at(-10 * n + 5),
  });
  const again: CaseState = { ...state, revision: 3, status: 'open', times_failed: 2 };
  return (
    [
      [],
      [closed('resolved', 2)],
      [closed('discarded', 2), again],
      [closed('done_outside', 2)],
      [closed('resolved', 2), { ...again, fingerprint: 'moved' }],
      [{ ...state, status: 'assigned' as const, revision: 2 }],
      [awaiting(state, n)],
    ][n % 7] ?? []
  );
}

let sequence = 0;
const land = (states: readonly CaseState[]) =>
  server.clickhouse.insertRaw(
    'cases_landing',
    Buffer.from(
      states
        .map((one) =>
          JSON.stringify({
            event_id: `${one.case_id}:${one.revision}`,
            type: 'commented',
            at: '2026-03-01 12:00:00.000',
            actor: 'sam',
            writer: 'test',
            state: JSON.stringify(one),
            stream_seq: ++sequence,
            shard: 0,
          }),
        )
        .join('\n'),
    ),
  );

const told = Array.from({ length: 300 }, (_, n) => [opened(n), ...later(opened(n), n)]);

beforeAll(async () => {
  server = await startClickHouse();
  // In blocks that overlap, the second half before the first, and a part of it twice.
  const events = told.flat();
  for (const first of [1, 0]) await land(events.filter((_, i) => i % 2 === first));
  await land(events.slice(100, 200));
});
afterAll(() => server.close());

const decided = { muted: ['cause1', 'cause4'], held: ['cause4', 'cause5'] };
const filterOf = (search: string) =>
  readCaseFilter(
    new URLSearchParams(search),
    estate,
    ratesOn('2026-03-01', estate, []),
    'sam@syncline.example',
    decided,
  );
const everything = { limit: 1_000, offset: 0 };
const urgent = caseList({ sort: 'urgency', descending: false });
const listOf = (search: string) => runQuery(server.clickhouse, urgent, { ...filterOf(search), ...everything });

const distinct = (values: readonly string[]) => [...new Set(values)].sort();
const first = (instants: readonly string[]) => [...instants].sort()[0] ?? '';
const last = (instants: readonly string[]) => [...instants].sort().at(-1) ?? '';

/** A decimal as units of its twelfth digit. */
function units(decimal: string): bigint {
  const [whole = '0', part = ''] = decimal.split('.');
  return BigInt(whole + part.padEnd(12, '0'));
}
const worthOf = ({ amount, currency }: CaseRow): bigint =>
  (units(amount) * units(estate.rates[currency] ?? '0')) / units('1');
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

const totalsOf = (rows: readonly CaseRow[], muted: readonly CaseRow[]) => {
  const deadlines = rows.map(({ deadline }) => deadline).filter((deadline) => deadline !== '');
  return {
    cases: rows.length,
    groups: distinct(rows.map(({ fingerprint }) => fingerprint)).length,
    oldest: first(rows.map(({ opened_at }) => opened_at)),
    late: deadlines.filter((deadline) => deadline < now).length,
    next_breach: first(deadlines.filter((deadline) => deadline >= now)),
    muted_cases: muted.length,
    muted_groups: distinct(muted.map(({ fingerprint }) => fingerprint)).length,
  };
};

const pageOf = (rows: readonly CaseRow[]) =>
  distinct(rows.map(({ fingerprint }) => fingerprint))
    .map((fingerprint) => {
      const its = rows.filter((row) => row.fingerprint === fingerprint);
      return {
        fingerprint,
        cases: its.length,
        worth: sum(its.map(worthOf)),
        first_at: first(its.map(({ opened_at }) => opened_at)),
        last_at: last(its.map(({ opened_at }) => opened_at)),
        next_deadline: first(its.map(({ deadline }) => deadline).filter((deadline) => deadline !== '')),
        unassigned: its.filter(({ assignee }) => assignee === '').length,
      };
    })
    .sort((a, b) => {
      const [deadline, other] = [a.next_deadline || '9', b.next_deadline || '9'];
      return deadline !== other ? (deadline < other ? -1 : 1) : a.worth > b.worth ? -1 : 1;
    });

const searches = [
  ...['', 'status=assigned', 'assignee=mine', 'assignee=nobody', 'step=validate', 'class=mapping&system=netsuite'],
  ...['group=cause1', 'group=moved', 'held=only', 'held=hide', 'tag=vat', 'tag=tag1&tag=tag2', 'q=code+7', 'q=nothing'],
  ...['for=approval', 'for=mentions'],
].flatMap((search) => [
  ...['open', 'closed', 'all'].map((state) => `state=${state}&${search}`),
  ...['show', 'only'].map((muted) => `muted=${muted}&${search}`),
]);

describe('the figures beside the inbox', () => {
  it.each(searches)('are those of the list behind them, in all and by cause: %s', async (search) => {
    const { clickhouse } = server;
    const filter = filterOf(search);
    const [rows, unmuted, all, [count], [groups], [figures], [both]] = await Promise.all([
      listOf(search),
      listOf(`${search.replace(/muted=\w+/, '')}&muted=show`),
      listOf(`state=${filter.state}&muted=show`),
      runQuery(clickhouse, caseCount, { ...filter, now }),
      runQuery(clickhouse, caseGroups, { ...filter, ...everything, now }),
      runQuery(clickhouse, caseFigures, { ...filter, now }),
      runQuery(clickhouse, caseGroupFigures, { ...filter, ...everything, now }),
    ]);
    const muted = unmuted.filter(({ fingerprint }) => decided.muted.includes(fingerprint));
    const { value, ...counted } = count ?? { value: '' };
    expect(counted).toEqual(totalsOf(rows, muted));
    expect(units(value)).toBe(sum(rows.map(worthOf)));

    const { page = [], ...total } = groups ?? {};
    expect(total).toEqual(count);
    expect(
      page.map(({ value, step: _step, system: _system, error_class: _class, ...group }) => ({
        ...group,
        worth: units(value),
      })),
    ).toEqual(pageOf(rows));
    for (const { fingerprint, step, system, error_class } of page)
      expect(rows.filter((row) => row.fingerprint === fingerprint)).toContainEqual(
        expect.objectContaining({ step, system, error_class }),
      );

    const choices = (row: typeof figures) => ({
      steps: distinct(row?.steps ?? []),
      classes: distinct(row?.classes ?? []),
      systems: distinct(row?.systems ?? []),
      assignees: distinct(row?.assignees ?? []),
      tags: distinct(row?.tags ?? []),
    });
    expect(choices(figures)).toEqual({
      steps: distinct(all.map(({ step }) => step)),
      classes: distinct(all.map(({ error_class }) => error_class)),
      systems: distinct(all.map(({ system }) => system)),
      assignees: distinct(all.map(({ assignee }) => assignee)),
      tags: distinct(all.flatMap(({ tags }) => tags)),
    });
    expect(figures).toMatchObject(total);
    expect(both).toMatchObject({ ...total, page });
    expect(choices(both)).toEqual(choices(figures));
    for (const { fingerprint, open_since } of both?.page ?? []) {
      const open = all.filter((row) => row.fingerprint === fingerprint && row.is_open);
      expect(open_since).toBe(first(open.map(({ opened_at }) => opened_at)));
    }
  });

  it('come in pages of causes', async () => {
    const ask = async (limit: number, offset: number) => {
      const [row] = await runQuery(server.clickhouse, caseGroups, { ...filterOf(''), limit, offset, now });
      return row?.page.map(({ fingerprint }) => fingerprint) ?? [];
    };
    const all = await ask(50, 0);
    expect(all.length).toBeGreaterThan(6);
    expect(await ask(4, 0)).toEqual(all.slice(0, 4));
    expect(await ask(4, 4)).toEqual(all.slice(4, 8));
    expect(await ask(4, 100)).toEqual([]);
  });

  it('have nothing to count where no case is', async () => {
    const nobody = filterOf('state=closed&q=nothing&assignee=nobody');
    const [groups] = await runQuery(server.clickhouse, caseGroups, { ...nobody, ...everything, now });
    expect(groups).toMatchObject({ cases: 0, groups: 0, value: '0', oldest: '', next_breach: '', page: [] });
  });

  it('tell as many open cases in the frame as the inbox has when it opens', async () => {
    for (const muted_causes of [[], decided.muted]) {
      const [count] = await runQuery(server.clickhouse, openCaseCount, { muted_causes });
      expect(count?.open).toBe((await listOf(muted_causes.length === 0 ? 'muted=show' : '')).length);
    }
  });
});

describe('what is known of a cause', () => {
  const causes = distinct(told.flat().map(({ fingerprint }) => fingerprint));
  const ofCause = (fingerprint: string) => told.flat().filter((state) => state.fingerprint === fingerprint);

  it('is how all cases it ever had came and went', async () => {
    const question = { fingerprints: [...causes, 'none'], now };
    const [trends, waiting, rows] = await Promise.all([
      runQuery(server.clickhouse, causeTrends, question),
      runQuery(server.clickhouse, causesOpenSince, question),
      listOf('state=all&muted=show'),
    ]);
    const expected = causes.map((fingerprint) => {
      const its = rows.filter((row) => row.fingerprint === fingerprint);
      const cured = ofCause(fingerprint).filter(({ status }) => status === 'resolved' || status === 'done_outside');
      return {
        fingerprint,
        first_at: first(ofCause(fingerprint).map(({ opened_at }) => opened_at)),
        last_hour: its.filter(({ opened_at }) => opened_at >= at(-60)).length,
        day_before: its.filter(({ opened_at }) => opened_at >= at(-25 * 60) && opened_at < at(-60)).length,
        open_since: first(its.filter((row) => row.is_open).map(({ opened_at }) => opened_at)),
        last_cured_at: last(cured.map(({ closed_at }) => closed_at)),
      };
    });
    const since = new Map(waiting.map(({ fingerprint, open_since }) => [fingerprint, open_since]));
    expect(
      trends
        .map((trend) => ({ ...trend, open_since: since.get(trend.fingerprint) ?? '' }))
        .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    ).toEqual(expected);
  });

  it('is what its latest case says, also while the cause itself has not landed', async () => {
    const read = <P extends z.ZodType, R extends z.ZodType>(query: Query<P, R>, params: z.input<P>) =>
      runQuery(server.clickhouse, query, params);
    const described = await readDescribedCauses({ read }, [...causes, 'none']);
    expect([...described.keys()].sort()).toEqual(causes);
    for (const [fingerprint, cause] of described) {
      const latest = ofCause(fingerprint).toSorted((a, b) => (a.opened_at < b.opened_at ? 1 : -1))[0];
      const [problem] = latest?.problems ?? [];
      expect(cause).toEqual({
        fingerprint,
        step: latest?.step,
        system: latest?.system,
        error_class: problem?.error_class,
        error_code: problem?.error_code,
        error_path: problem?.path,
        error_message: problem?.message,
        missing_kind: problem?.missing_mapping?.kind ?? '',
        missing_system: problem?.missing_mapping?.system ?? '',
        missing_code: problem?.missing_mapping?.code ?? '',
      });
    }
    await server.clickhouse.command("DELETE FROM cause_states WHERE fingerprint = 'cause7'");
    expect((await readDescribedCauses({ read }, causes)).get('cause7')).toEqual(described.get('cause7'));
  });
});
