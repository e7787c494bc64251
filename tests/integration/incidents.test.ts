import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followIncidents } from '#app/server/incidents.ts';
import type { Actor, CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import type { Incident, IncidentChange } from '#contracts/v1/incident.ts';
import type { Role } from '#contracts/v1/permissions.ts';
import { openAudit, type Audit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { type CommandHandlers, requestCommand, serveCommands } from '#platform/nats/service.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { incidentCommands } from '#sync-engine/commands/incident-commands.ts';
import { IncidentStore } from '#sync-engine/incidents/incident-store.ts';
import { smallEstate } from '../support/console.ts';
import { startNats, type TestNats } from '../support/nats.ts';

let directory: string;
let server: TestNats;
let nc: NatsConnection;
let audit: Audit;

async function serve(): Promise<void> {
  server = await startNats({ directory });
  nc = await connectNats({ url: server.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  audit = await openAudit(nc, silentLog);
  const manager = await jetstreamManager(nc);
  // The engine's part of it, twice: two replicas share the commands.
  for (const nonce of ['one', 'two']) {
    const incidents = new IncidentStore(publisherOf(nc), manager, nonce);
    const commands = incidentCommands({ incidents, estate: smallEstate, now: () => new Date() });
    await serveCommands(nc, commands as CommandHandlers, silentLog, audit);
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-incidents-'));
  await serve();
}, 60_000);
afterAll(async () => {
  await nc.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const person = (role: Role): Actor => ({ id: `${role}@example.com`, roles: [role] });
const ask = <N extends CommandName>(name: N, request: CommandRequest<N>): Promise<CommandReply> =>
  requestCommand(nc, name, request);

const said: Omit<CommandRequest<'incident.raise'>, 'actor' | 'raise_id'> = {
  title: 'The ERP refuses invoices',
  severity: 'major',
  affected: { systems: ['erp'] },
  text: '',
};

/** As a form that was opened just now sends it. */
const asking = (role: Role) => ({ actor: person(role), raise_id: randomUUID(), ...said });

async function raise(role: Role = 'operations'): Promise<Incident> {
  const reply = await ask('incident.raise', asking(role));
  if (!reply.ok || reply.incident === undefined) throw new Error(JSON.stringify(reply));
  return reply.incident;
}
const change = ({ incident_id, revision }: Incident, what: IncidentChange, role: Role = 'operations') =>
  ask('incident.change', { actor: person(role), incident_id, revision, change: what });
async function changed(incident: Incident, what: IncidentChange, role: Role = 'operations'): Promise<Incident> {
  const reply = await change(incident, what, role);
  if (!reply.ok || reply.incident === undefined) throw new Error(JSON.stringify(reply));
  return reply.incident;
}
const code = (reply: CommandReply) => (reply.ok ? 'done' : reply.error.code);

const account = { happened: 'A key expired.', seen: 'Nothing.', done: 'A new key.', follows: 'A warning before.' };
const zero = { amount: '0', currency: 'USD' };
const figures = {
  counted_at: new Date().toISOString(),
  cases: 3,
  open_cases: 1,
  orders: 3,
  value: zero,
  at_risk: zero,
};
const end = { kind: 'end', account, figures } as const;

describe('raising', () => {
  it('gives each incident a number of its own, also where many raise one at once', async () => {
    const raised = await Promise.all(Array.from({ length: 8 }, () => raise()));
    expect(new Set(raised.map(({ incident_id }) => incident_id)).size).toBe(8);
    const { text: _first, ...asked } = said;
    expect(raised[0]).toMatchObject({ ...asked, state: 'open', revision: 1, lead: '', links: [] });
  });

  it('raises one where a form is sent twice, at once, later, or again after it was changed', async () => {
    const form = asking('operations');
    const replies = await Promise.all([1, 2, 3, 4].map(() => ask('incident.raise', form)));
    const [first, ...others] = replies.map((reply) => (reply.ok ? reply.incident?.incident_id : JSON.stringify(reply)));
    expect(others).toEqual([first, first, first]);
    await raise();
    const [incident] = replies.flatMap((reply) => (reply.ok && reply.incident !== undefined ? [reply.incident] : []));
    if (incident === undefined) throw new Error(JSON.stringify(replies));
    const worse = await changed(incident, { kind: 'severity', severity: 'critical', text: 'More of it.' });
    expect(await ask('incident.raise', form)).toMatchObject({ ok: true, incident: worse });
    const { incident_id } = incident;
    for (const more of [{ text: 'Returns too.' }, { severity: 'critical' as const }, { title: 'It is the bank' }])
      expect(await ask('incident.raise', { ...form, ...more })).toMatchObject({
        ok: false,
        error: { code: 'conflict', message: expect.stringContaining(incident_id) as string },
      });
  });

  it('is refused where the estate has no such system or channel, or the beginning has not come', async () => {
    const moon = await ask('incident.raise', { ...asking('operations'), affected: { channels: ['moon'] } });
    expect(moon).toMatchObject({
      ok: false,
      error: { code: 'invalid', message: expect.stringContaining('moon') as string },
    });
    const since = new Date(Date.now() + 60_000).toISOString();
    expect(await ask('incident.raise', { ...asking('operations'), since })).toMatchObject({
      ok: false,
      error: { code: 'invalid', fields: [{ path: '/since' }] },
    });
  });
});

describe('who may', () => {
  const update = { kind: 'update', text: 'We look into it.' } as const;
  const worse = { kind: 'severity', severity: 'critical', text: 'More of it.' } as const;
  it.each<[Role, boolean, boolean]>([
    ['operations', true, true],
    ['administrator', true, true],
    ['support', false, true],
    ['finance', false, true],
    ['viewer', false, false],
  ])('%s: raise, direct and end %s, add updates and links %s', async (role, directs, adds) => {
    const incident = await raise();
    expect(code(await ask('incident.raise', asking(role)))).toBe(directs ? 'done' : 'forbidden');
    expect(code(await change(incident, worse, role))).toBe(directs ? 'done' : 'forbidden');
    const now = { ...incident, revision: directs ? 2 : 1 };
    expect(code(await change(now, update, role))).toBe(adds ? 'done' : 'forbidden');
    const then = { ...incident, revision: now.revision + (adds ? 1 : 0) };
    expect(code(await change(then, end, role))).toBe(directs ? 'done' : 'forbidden');
  });

  it('is in the audit trail, with the kind of change and without what was written', async () => {
    const incident = await changed(await raise(), { kind: 'update', text: 'A secret remark.' });
    const acts = (await audit.latest(50)).filter(({ object_id }) => object_id === incident.incident_id);
    expect(acts.map(({ action, detail }) => [action, detail['change']])).toEqual([
      ['incident.change', 'update'],
      ['incident.raise', undefined],
    ]);
    expect(JSON.stringify(acts)).not.toContain('secret');
  });
});

describe('two people at once', () => {
  it('lets exactly one change happen and tells the others who was first', async () => {
    const incident = await raise();
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, n) => change(incident, { kind: 'update', text: `Update ${n}` })),
    );
    expect(replies.map(code).sort()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'conflict', 'done']);
    const lost = replies.find(({ ok }) => !ok);
    expect(lost).toMatchObject({
      error: { message: expect.stringContaining('operations@example.com changed') as string },
    });
  });

  it('says so of an incident that is not there', async () => {
    const nobody = await ask('incident.change', {
      actor: person('operations'),
      incident_id: 'INC-999999',
      revision: 1,
      change: { kind: 'update', text: 'Hello?' },
    });
    expect(code(nobody)).toBe('not_found');
  });
});

it('keeps incidents, their links, timeline and written end over a restart', async () => {
  const connector = { kind: 'connector', connector_id: 'erp' } as const;
  let incident = await raise();
  incident = await changed(incident, { kind: 'link', link: connector });
  incident = await changed(incident, { kind: 'update', text: 'Support hears of it from customers.' }, 'support');
  incident = await changed(incident, end);
  await nc.close();
  await server.close();
  await serve();

  const jsm = await jetstreamManager(nc);
  const incidents = await followIncidents(jetstream(nc), jsm, silentLog);
  expect(incidents.get(incident.incident_id)).toEqual(incident);
  expect(incident).toMatchObject({ state: 'ended', links: [connector], ending: { ...account, figures } });
  const timeline = await incidents.timeline(incident.incident_id);
  expect(timeline.map(({ type, by, text }) => [type, by, text])).toEqual([
    ['raised', 'operations@example.com', ''],
    ['linked', 'operations@example.com', ''],
    ['updated', 'support@example.com', 'Support hears of it from customers.'],
    ['ended', 'operations@example.com', account.happened],
  ]);

  const heard = new Promise<string>((resolve) => incidents.onChange(resolve));
  const again = await changed(incident, { kind: 'reopen', text: 'It came back.' });
  expect(await heard).toBe(incident.incident_id);
  expect(incidents.get(incident.incident_id)).toEqual(again);
  expect(await incidents.read(incident.incident_id)).toEqual(again);
  expect(again).not.toHaveProperty('ending');
  incidents.close();
}, 60_000);
