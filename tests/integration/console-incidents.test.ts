import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OpenIncidentsView } from '#app/presenters/incidents.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Role } from '#contracts/v1/permissions.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { type CommandHandlers, serveCommands } from '#platform/nats/service.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { incidentCommands } from '#sync-engine/commands/incident-commands.ts';
import { IncidentStore } from '#sync-engine/incidents/incident-store.ts';
import { smallEstate, startConsole, type TestConsole } from '../support/console.ts';
import { stepEvent } from '../support/step-events.ts';

const password = 'a long enough password';
const cause = 'aaaa0000aaaa0000';
const began = Date.now() - 3 * 3_600_000;
/** Minutes after the incident began. */
const at = (minutes: number): string => new Date(began + minutes * 60_000).toISOString();

let app: TestConsole;
const cookies = {} as Record<Role, string>;

beforeAll(async () => {
  app = await startConsole();
  const { nats, jsm } = app.console.services;
  await ensureStreams(nats, { replicas: 1, retentionDays: 7 });
  const incidents = new IncidentStore(publisherOf(nats), jsm, 'test');
  const commands = incidentCommands({ incidents, estate: smallEstate, now: () => new Date() });
  // The engine's part of it: only these are asked for here.
  await serveCommands(nats, commands as CommandHandlers, silentLog, await openAudit(nats, silentLog));
  for (const role of ['viewer', 'operations', 'support', 'finance'] as const) {
    await app.users.create({ email: `${role}@example.com`, name: role, roles: [role], password });
    cookies[role] = await app.signIn(`${role}@example.com`, password);
  }
  await land([
    // Open since before it began, and another case of the same order meanwhile.
    stopped('c-1', { key: 'shop==1', opened_at: at(-60), amount: '100.00' }),
    stopped('c-2', { key: 'shop==1', opened_at: at(5), amount: '100.00', status: 'resolved', closed_at: at(9) }),
    // Over before it began: no case of the incident.
    stopped('c-3', { key: 'shop==3', opened_at: at(-90), amount: '1000.00', status: 'resolved', closed_at: at(-1) }),
    stopped('c-4', { key: 'shop==4', opened_at: at(10), amount: '50.00', status: 'done_outside', closed_at: at(20) }),
    // Of another cause, and over: only where it is linked itself.
    stopped('c-5', {
      ...{ key: 'shop==5', opened_at: at(-300), amount: '7.50', fingerprint: 'bbbb0000bbbb0000' },
      ...{ status: 'resolved', closed_at: at(-200) },
    }),
  ]);
}, 180_000);
afterAll(() => app.close());

const stopped = (id: string, more: Partial<CaseState>): CaseState => ({
  v: 1,
  case_id: id,
  status: 'open',
  revision: 1,
  flow: 'order_to_cash',
  key: 'shop==0',
  trace_id: 'a'.repeat(32),
  business_key: `#${id}`,
  step: 'erp_create_sales_order',
  system: 'erp',
  channel: 'web',
  legal_entity: 'us',
  fingerprint: cause,
  problems: [
    { error_class: 'validation', error_code: 'x', path: '/tax', document: 'received', message: 'The tax is not right' },
  ],
  amount: '1.00',
  currency: 'USD',
  deadline: '',
  origin: 'live',
  assignee: '',
  payload_version: 1,
  failed_ordinal: 1,
  times_failed: 1,
  opened_at: at(0),
  updated_at: at(0),
  closed_at: '',
  outcome: '',
  ...more,
});

const land = (states: readonly CaseState[]) =>
  app.clickhouse.clickhouse.insertRaw(
    'cases_landing',
    Buffer.from(
      states
        .map((one, n) =>
          JSON.stringify({
            event_id: `${one.case_id}:${one.revision}`,
            type: 'opened',
            at: one.opened_at.replace('T', ' ').replace('Z', ''),
            actor: 'syncline',
            writer: 'test',
            state: JSON.stringify(one),
            stream_seq: n + 1,
            shard: 0,
          }),
        )
        .join('\n'),
    ),
  );

const get = (path: string, role: Role = 'viewer') =>
  fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: cookies[role] } });
/** The text of a page, without the marks that React leaves between its parts. */
const page = async (path: string, role: Role = 'viewer') =>
  (await (await get(path, role)).text()).replaceAll('<!-- -->', '');
/** The shown part of a page: what it loaded stands in scripts behind. */
const shown = async (path: string, role: Role = 'viewer') => (await page(path, role)).replace(/<script[^]*$/, '');
const post = (path: string, role: Role, fields: readonly (readonly [string, string])[]) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies[role], origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields.map(([name, value]) => [name, value])),
  });
const account = [
  ['happened', 'A tax table was emptied by a release.'],
  ['seen', 'Orders were confirmed two hours late.'],
  ['done', 'The table was restored, the orders replayed.'],
  ['follows', 'A check before each release; Ana sees to it.'],
] as const;

async function raise(
  title: string,
  more: readonly (readonly [string, string])[] = [],
  form: string = randomUUID(),
): Promise<string> {
  const response = await post('/incidents/new', 'operations', [
    ['raise_id', form],
    ['title', title],
    ['severity', 'major'],
    ['system', 'erp'],
    ['lead', 'support@example.com'],
    ['text', 'First seen by the shop.'],
    ...more,
  ]);
  expect(response.status, await response.clone().text()).toBe(302);
  return (response.headers.get('location') ?? '').replace('/incidents/', '');
}
const revisionOf = (id: string) => app.console.services.incidents.get(id)?.revision ?? 0;
/** What a change came to: the answer's own words stand in it. */
async function change(
  id: string,
  role: Role,
  fields: readonly (readonly [string, string])[],
  revision = revisionOf(id),
) {
  const response = await post(`/incidents/${id}.data`, role, [['revision', String(revision)], ...fields]);
  return { status: response.status, text: await response.text() };
}

/** Resolves with the name of the next event of incidents that the live stream of a person brings. */
async function untilTold(role: Role, act: () => Promise<unknown>): Promise<string> {
  const stop = new AbortController();
  const stream = await fetch(`${app.url}/live`, { headers: { cookie: cookies[role] }, signal: stop.signal });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const acting = act();
  while (!heard.includes('event: incidents')) heard += (await reader?.read())?.value ?? '';
  await acting;
  stop.abort();
  return heard;
}

describe('from raising to the written end', () => {
  let id: string;

  it('is raised with what it is about, and stands on every page of everybody, also on the wallboard', async () => {
    const form = await page(`/incidents/new?link=cause:${cause}&link=connector:erp&link=planet:mars`, 'operations');
    expect(form).toMatch(/name="link"[^>]*value="cause:aaaa0000aaaa0000"/);
    expect(form).toMatch(
      /<input type="checkbox"[^>]*name="system"[^>]*checked=""[^>]*value="erp"|name="system"[^>]*value="erp"[^>]*checked/,
    );
    await untilTold('viewer', async () => {
      id = await raise('The ERP refuses invoices', [
        ['since', at(0)],
        ['link', `cause:${cause}`],
        ['link', 'connector:erp'],
      ]);
    });
    for (const path of ['/', '/orders', '/account', '/?wall=1', `/incidents/${id}`])
      expect(await shown(path), path).toMatch(new RegExp(`${id}[^]*The ERP refuses invoices`));
    expect(await (await get('/incidents/open')).json()).toMatchObject({
      incidents: [{ id, title: 'The ERP refuses invoices', word: 'major', links: [`cause:${cause}`, 'connector:erp'] }],
    });
  });

  it('counts the cases of its causes that were open since it began, each order once, and what is linked itself', async () => {
    const page = await shown(`/incidents/${id}`);
    expect(page).toMatch(/Cases<\/dt><dd[^>]*><span[^>]*>3<[^]*Open cases<\/dt><dd[^>]*><span[^>]*>1</);
    expect(page).toMatch(/Orders<\/dt><dd[^>]*><span[^>]*>2<[^]*Value affected[^]*150 [^]*Value at risk[^]*100 /);
    expect(page).toContain('1 open case of 4 cases ever');
    const linked = await change(id, 'support', [
      ['intent', 'link'],
      ['what', `${app.url}/quarantine/c-5?x=1`],
    ]);
    expect(linked.text).toContain(`Linked to ${id}.`);
    const now = await shown(`/incidents/${id}`);
    expect(now).toMatch(/Cases<\/dt><dd[^>]*><span[^>]*>4<[^]*Orders<\/dt><dd[^>]*><span[^>]*>3<[^]*Value affected/);
    expect(now).toContain('support@example.com');
  });

  it('links what is found by a name, and says what is not found', async () => {
    const none = await change(id, 'support', [
      ['intent', 'link'],
      ['what', 'no such thing'],
    ]);
    expect(none.text).toContain('Nothing is found by that');
    expect(
      (
        await change(id, 'support', [
          ['intent', 'link'],
          ['what', '/quarantine/c-999'],
        ])
      ).text,
    ).toContain('Nothing is found');
    expect(
      (
        await change(id, 'support', [
          ['intent', 'link'],
          ['what', '/connectors/erp'],
        ])
      ).text,
    ).toContain('linked to');
    const wms = await change(id, 'support', [
      ['intent', 'link'],
      ['what', '/connectors/wms'],
    ]);
    expect(wms.text).toContain('Linked to');
    expect(
      (
        await change(id, 'support', [
          ['intent', 'unlink'],
          ['link', 'connector:wms'],
        ])
      ).text,
    ).toContain('No longer linked');
  });

  it('links an order by its number, and counts it as at risk where it is stuck', async () => {
    const deadline = at(60);
    const event = { ...stepEvent(77, 1, { occurred_at: at(1), deadline, amount: '20.00' }), stream_seq: 1, shard: 0 };
    await app.clickhouse.clickhouse.insertRaw('steps_landing', Buffer.from(JSON.stringify(event)), {
      input_format_skip_unknown_fields: 1,
      input_format_null_as_default: 1,
      date_time_input_format: 'best_effort',
    });
    const linked = await change(id, 'finance', [
      ['intent', 'link'],
      ['what', '#1077'],
    ]);
    expect(linked.text).toContain('Linked to');
    const page = await shown(`/incidents/${id}`);
    expect(page).toMatch(/Cases<\/dt><dd[^>]*><span[^>]*>4<[^]*Orders<\/dt><dd[^>]*><span[^>]*>4</);
    expect(page).toMatch(/Value affected[^]*178 [^]*Value at risk[^]*120 /);
    expect(page).toMatch(/order #1077[^]*late/);
    const unlinked = await change(id, 'finance', [
      ['intent', 'unlink'],
      ['link', `transaction:order_to_cash/${event.key}`],
    ]);
    expect(unlinked.text).toContain('No longer linked');
    expect(await shown(`/incidents/${id}`)).toContain('took away the link to');
  });

  it('takes updates of support and finance, and nothing of a viewer', async () => {
    const update = [
      ['intent', 'update'],
      ['text', 'Two customers called.'],
    ] as const;
    expect((await change(id, 'viewer', update)).status).toBe(403);
    expect((await change(id, 'support', update)).text).toContain('Everybody sees the update now.');
    expect((await change(id, 'finance', [['intent', 'end'], ...account])).status).toBe(403);
    expect(
      (
        await change(id, 'support', [
          ['intent', 'lead'],
          ['lead', ''],
        ])
      ).status,
    ).toBe(403);
    expect((await get('/incidents/new', 'support')).status).toBe(403);
    expect(await shown(`/incidents/${id}`)).toContain('Two customers called.');
    expect(await shown(`/incidents/${id}`)).not.toContain('Update for everybody');
  });

  it('tells the second of two writers who was first', async () => {
    const seen = revisionOf(id);
    const worse = [
      ['intent', 'severity'],
      ['severity', 'critical'],
      ['text', 'Shops stand.'],
    ] as const;
    expect((await change(id, 'operations', worse, seen)).text).toContain(`${id} is critical now.`);
    const late = await change(
      id,
      'support',
      [
        ['intent', 'update'],
        ['text', 'Mine.'],
      ],
      seen,
    );
    expect(late.text).toContain('operations@example.com changed');
    expect(late.text).toContain('What you wrote is still here');
    expect(await shown(`/incidents/${id}`)).not.toContain('Mine.');
  });

  it('is led by somebody who signs in here and may', async () => {
    const lead = (who: string) =>
      change(id, 'operations', [
        ['intent', 'lead'],
        ['lead', who],
      ]);
    expect((await lead('nobody@example.com')).text).toContain('Nobody signs in as nobody@example.com');
    expect((await lead('viewer@example.com')).text).toContain('may not work on incidents');
    expect((await lead('finance@example.com')).text).toContain('finance@example.com leads');
  });

  it('does not end at a time that is none: left out it would mean now', async () => {
    const ended = await change(id, 'operations', [['intent', 'end'], ...account, ['ended_at', '275760-12-31T00:00']]);
    expect(ended.text).toContain('Say since when it is over as a date and a time.');
    expect(app.console.services.incidents.get(id)?.state).toBe('open');
  });

  it('ends with its account and its figures, which stay as they were counted', async () => {
    const [, ...incomplete] = account;
    expect((await change(id, 'operations', [['intent', 'end'], ...incomplete])).text).toContain('Write what happened');
    // What this process has in memory may be a moment behind what was linked.
    const known = app.console.services.incidents.get(id);
    const behind = vi.spyOn(app.console.services.incidents, 'get').mockReturnValue(known && { ...known, links: [] });
    const ended = await change(id, 'operations', [['intent', 'end'], ...account], known?.revision);
    behind.mockRestore();
    expect(ended.text).toContain(`${id} has ended.`);
    await land([stopped('c-6', { key: 'shop==6', opened_at: at(30), amount: '5000.00' })]);
    const page = await shown(`/incidents/${id}`);
    for (const [, text] of account) expect(page).toContain(text);
    expect(page).toMatch(/Cases<\/dt><dd[^>]*><span[^>]*>4<[^]*Value affected[^]*158 /);
    expect(page).toContain('3 h');
    expect(await (await get('/incidents/open')).json()).toMatchObject({ incidents: [] });
    expect(await shown('/orders')).not.toContain('The ERP refuses invoices');
  });

  it('is found, filtered, paged and exported, also once it has ended', async () => {
    const second = await raise('=The warehouse is silent', [['system', 'wms']]);
    expect(await shown('/incidents')).toMatch(new RegExp(`${second}[^]*${id}`));
    const ended = (await shown('/incidents?state=ended')).split('<aside')[0];
    expect(ended).toContain('The ERP refuses invoices');
    expect(ended).not.toContain('The warehouse is silent');
    expect((await shown('/incidents?system=wms')).split('<aside')[0]).not.toContain('The ERP refuses invoices');
    expect(await shown('/incidents?page=2')).toContain('No incident');
    expect((await page(`/search.data?q=${id}`)).toLowerCase()).toContain(id.toLowerCase());
    const csv = await (await get('/incidents/export.csv?severity=critical')).text();
    expect(csv.trim().split('\r\n')).toHaveLength(2);
    expect(csv).toMatch(new RegExp(`^${id},The ERP refuses invoices,ended,critical,`, 'm'));
    expect(csv).toContain(account[3][1]);
    expect(await (await get('/incidents/export.csv')).text()).toContain("'=The warehouse is silent");
    await change(second, 'operations', [['intent', 'end'], ...account]);
  });

  it('is open again where it came back, with its first end on the timeline', async () => {
    const again = await change(id, 'operations', [
      ['intent', 'reopen'],
      ['text', 'It came back with the next release.'],
    ]);
    expect(again.text).toContain(`${id} is open again.`);
    const page = await shown(`/incidents/${id}`);
    expect(page).toContain('It came back with the next release.');
    for (const [, text] of account) expect(page).toContain(text);
    expect(page).toMatch(/Over [^]*: 4 cases, 3 orders worth [^]*158 [^]*at risk/);
    expect(page).not.toContain('How it ended');
  });
});

it('raises one incident where its form is sent twice, and another where the form is opened again', async () => {
  const formOf = async () =>
    /name="raise_id" value="([^"]+)"/.exec(await page('/incidents/new', 'operations'))?.[1] ?? '';
  const [form, another] = [await formOf(), await formOf()];
  const send = (raise_id: string) => raise('The shop is silent', [], raise_id);
  const first = await send(form);
  expect(await send(form)).toBe(first);
  const second = await send(another);
  expect(second).not.toBe(first);
  for (const id of [first, second]) await change(id, 'operations', [['intent', 'end'], ...account]);
});

it('tells with what is open how much was decided before, so that a page knows which of two answers is later', async () => {
  const open = async () => {
    const { version, incidents } = (await (await get('/incidents/open')).json()) as OpenIncidentsView;
    return { version, ids: incidents.map((one) => one.id) };
  };
  const before = await open();
  const id = await raise('The warehouse is late');
  expect(await open()).toEqual({ version: before.version + 1, ids: [...before.ids, id] });
  await change(id, 'operations', [['intent', 'end'], ...account]);
  expect(await open()).toEqual({ ...before, version: before.version + 2 });
});

it('says what is wrong with a form, and answers 404 for an incident that is not there', async () => {
  const form = await post('/incidents/new', 'operations', [
    ['raise_id', randomUUID()],
    ['title', ''],
  ]);
  expect(await form.text()).toContain('Give it a title');
  expect((await get('/incidents/INC-777')).status).toBe(404);
  expect((await get('/incidents/everything')).status).toBe(404);
  expect((await change('INC-1', 'operations', [['intent', 'explode']])).status).toBe(400);
});
