import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseList } from '#app/queries/case-list.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate, migrationsFolder } from '#platform/clickhouse/migrate.ts';
import { runQuery } from '#platform/clickhouse/query.ts';

const NUMBER = 12;
let folder: string;
let clickhouse: ClickHouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syncline-case-rows-'));
  clickhouse = await openClickHouse({ path: join(folder, 'clickhouse') });
});
afterAll(async () => {
  await clickhouse.close();
  await rm(folder, { recursive: true, force: true });
});

const state = (id: string, revision: number, more: Partial<CaseState> = {}): CaseState => ({
  v: 1,
  case_id: id,
  status: 'open',
  revision,
  flow: 'order_to_cash',
  key: `shopify-us:${id}`,
  trace_id: 'a'.repeat(32),
  business_key: `#${id}`,
  step: 'map_tax_codes',
  system: 'netsuite',
  channel: 'shopify-us',
  legal_entity: 'northwind-us',
  fingerprint: 'abcd0123',
  problems: [
    {
      error_class: 'mapping',
      error_code: 'tax_code_unmapped',
      path: '/tax_lines/0/title',
      document: 'received',
      message: `The tax code “É-9” of ${id} is "not" mapped`,
      missing_mapping: { kind: 'tax_code', system: 'netsuite', code: 'É-9' },
    },
  ],
  amount: '129.90',
  currency: 'USD',
  deadline: '2026-10-02T10:00:00.000Z',
  origin: 'live',
  assignee: '',
  payload_version: 1,
  failed_ordinal: 3,
  times_failed: 1,
  opened_at: '2026-10-01T10:00:00.000Z',
  updated_at: '2026-10-01T10:00:00.000Z',
  closed_at: '',
  outcome: '',
  ...more,
});

let sequence = 0;
const land = (states: readonly CaseState[]) =>
  clickhouse.insertRaw(
    'cases_landing',
    Buffer.from(
      states
        .map((one) =>
          JSON.stringify({
            event_id: `${one.case_id}:${one.revision}`,
            type: 'commented',
            at: '2026-10-01 10:00:00.000',
            actor: 'sam',
            note: '',
            detail: {},
            writer: 'test',
            state: JSON.stringify(one),
            stream_seq: ++sequence,
            shard: 0,
          }),
        )
        .join('\n'),
    ),
  );

const closed: Partial<CaseState> = {
  status: 'resolved',
  closed_at: '2026-10-01T12:00:00.000Z',
  amount: '',
  currency: '',
  deadline: '',
  outcome: 'The sales order is there.',
};

describe('one row a case', () => {
  it('takes over the cases of a data folder from before, column by column, and what is known of their causes', async () => {
    const before = join(folder, 'before');
    for (const file of await readdir(migrationsFolder))
      if (Number(file.slice(0, 4)) < NUMBER) await cp(join(migrationsFolder, file), join(before, file));
    await migrate(clickhouse, { folder: before });
    await land([state('c-1', 1), state('c-2', 1), state('c-3', 1)]);
    await land([
      state('c-2', 3, { ...closed, payload_version: 2 }),
      state('c-1', 2, { status: 'assigned', assignee: 'sam' }),
    ]);
    await land([state('c-2', 2, { status: 'fixed', payload_version: 2 })]);
    const columns = (await clickhouse.query(`DESCRIBE cases`))
      .map((row) => String(row['name']))
      .filter((name) => name !== 'state');
    const all = `SELECT ${columns.join(', ')} FROM cases ORDER BY case_id`;
    const old = await clickhouse.query(all);
    expect(old).toHaveLength(3);

    const { applied } = await migrate(clickhouse);

    expect(applied[0]).toBe('0012_case_rows.sql');
    expect(await clickhouse.query(all)).toEqual(old);
    const [cause, ...more] = await clickhouse.query(
      'SELECT fingerprint, min(first_at) AS first, max(last_cured_at) AS cured, argMaxMerge(latest) AS told FROM cause_states GROUP BY fingerprint',
    );
    expect(more).toEqual([]);
    expect(cause).toMatchObject({
      fingerprint: 'abcd0123',
      first: '2026-10-01T10:00:00.000Z',
      cured: '2026-10-01T12:00:00.000Z',
      told: { step: 'map_tax_codes', error_message: 'The tax code “É-9” of c-3 is "not" mapped', missing_code: 'É-9' },
    });
    expect(
      await clickhouse.query('SELECT name FROM system.tables WHERE name LIKE {like:String}', {
        params: { like: 'case\\_states%' },
      }),
    ).toEqual([]);
  });

  it('counts right where what closed a case lies in a part that holds no open one', async () => {
    await clickhouse.command('TRUNCATE TABLE case_rows');
    const many = Array.from({ length: 9_000 }, (_, i) =>
      state(`c-${i}`, 1, { opened_at: new Date(Date.UTC(2026, 8, 1) + i * 60_000).toISOString() }),
    );
    await land(many);
    await land(many.slice(100, 3_100).map((one) => ({ ...one, ...closed, revision: 2 })));
    await land(many.slice(200, 300).map((one) => ({ ...one, revision: 3 })));
    const count = async (where: string) =>
      Number((await clickhouse.query(`SELECT count() AS n FROM cases WHERE ${where}`))[0]?.['n']);
    expect(await count('is_open')).toBe(6_100);
    expect(await count('NOT is_open')).toBe(2_900);
    expect(await count("status = 'open' AND is_open AND case_id = 'c-150'")).toBe(0);
    expect(await count("is_open AND case_id = 'c-250' AND revision = 3")).toBe(1);
  });

  it('knows who corrected a case, who was spoken to, its tags and who asked for approval', async () => {
    await land([
      state('c-tagged', 1, {
        status: 'awaiting_approval',
        fixed_by: 'sam@syncline.example',
        tags: ['vendor', 'vat'],
        mentioned: ['ines@syncline.example'],
        approval: {
          requested_by: 'sam@syncline.example',
          requested_at: '2026-10-01T11:00:00.000Z',
          override_stale: false,
        },
      }),
    ]);
    const columns =
      'tags, mentioned, fixed_by, approval_requested_by, missing_kind, missing_system, missing_code, search_text';
    expect(await clickhouse.query(`SELECT ${columns} FROM cases WHERE case_id = 'c-tagged'`)).toEqual([
      {
        tags: ['vendor', 'vat'],
        mentioned: ['ines@syncline.example'],
        fixed_by: 'sam@syncline.example',
        approval_requested_by: 'sam@syncline.example',
        missing_kind: 'tax_code',
        missing_system: 'netsuite',
        missing_code: 'É-9',
        search_text: '#c-tagged c-tagged the tax code “é-9” of c-tagged is "not" mapped',
      },
    ]);
  });

  it('offers a case for approval to nobody who asked for it or wrote any of what it sends', async () => {
    await clickhouse.command('TRUNCATE TABLE case_rows');
    const approval = { requested_by: 'sam', requested_at: '2026-10-01T11:00:00.000Z', override_stale: false };
    await land([
      state('c-four-eyes', 1, { status: 'fixed', payload_version: 2, fixed_by: 'olga', authors: ['olga'] }),
      state('c-four-eyes', 2, { status: 'fixed', payload_version: 3, fixed_by: 'ines', authors: ['olga', 'ines'] }),
      state('c-four-eyes', 3, {
        status: 'awaiting_approval',
        payload_version: 3,
        fixed_by: 'ines',
        authors: ['olga', 'ines'],
        approval,
      }),
    ]);
    const offered = async (approver: string) =>
      (
        await runQuery(clickhouse, caseList({ sort: 'urgency', descending: false }), {
          ...{ state: 'open', statuses: [], assignee: '', steps: [], classes: [], systems: [], fingerprint: '' },
          ...{ search: '', currencies: [], rates: [], approver, limit: 10, offset: 0 },
        })
      ).map(({ case_id }) => case_id);
    expect(await offered('fin')).toEqual(['c-four-eyes']);
    for (const part of ['sam', 'ines', 'olga']) expect(await offered(part), part).toEqual([]);
  });

  it('shows each case in its latest revision, in whatever order, how often and in whatever blocks its events landed', async () => {
    const step = fc.record({ one: fc.nat({ max: 3 }), revision: fc.integer({ min: 1, max: 6 }) });
    const blocks = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(blocks, fc.boolean(), async (landings, merged) => {
        await clickhouse.command('TRUNCATE TABLE case_rows');
        const latest = new Map<string, number>();
        for (const landing of landings) {
          // Even revisions are closed ones.
          const states = landing.map(({ one, revision }) =>
            state(`c-${one}`, revision, {
              opened_at: `2026-10-01T1${one}:00:00.000Z`,
              ...(revision % 2 === 0 ? closed : {}),
            }),
          );
          for (const { case_id, revision } of states) latest.set(case_id, Math.max(revision, latest.get(case_id) ?? 0));
          await land(states);
        }
        if (merged) await clickhouse.command('OPTIMIZE TABLE case_rows');
        const seen = async (where: string) =>
          (await clickhouse.query(`SELECT case_id, revision FROM cases WHERE ${where} ORDER BY case_id`)).map((row) => [
            row['case_id'],
            row['revision'],
          ]);
        const should = (wanted: (revision: number) => boolean) =>
          [...latest].filter(([, revision]) => wanted(revision)).sort(([a], [b]) => (a < b ? -1 : 1));
        expect(await seen('is_open')).toEqual(should((revision) => revision % 2 === 1));
        expect(await seen('NOT is_open')).toEqual(should((revision) => revision % 2 === 0));
        expect(await seen("status = 'open'")).toEqual(should((revision) => revision % 2 === 1));
      }),
      { numRuns: 25 },
    );
  });
});
