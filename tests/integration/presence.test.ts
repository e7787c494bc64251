import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Doing, Present } from '#app/presence/present.ts';
import { openLooks } from '#app/presence/looks.ts';
import { openPresence } from '#app/presence/presence.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
let app: TestConsole;
let ana: string;
let eve: string;
beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'ana@example.com', name: 'Ana', roles: ['support'], password });
  await app.users.create({ email: 'eve@example.com', name: 'Eve', roles: ['viewer'], password });
  ana = await app.signIn('ana@example.com', password);
  eve = await app.signIn('eve@example.com', password);
});
afterAll(() => app.close());

const connect = () => connectNats({ url: app.nats.url, name: 'test', log: silentLog });
const beat = (cookie: string, caseId: string, doing: Doing, more: Record<string, string> = {}, origin = app.url) =>
  fetch(`${app.url}/quarantine/${caseId}/presence`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin },
    body: new URLSearchParams({ tab: 'tab0000000', doing, ...more }),
  });
const presentTo = async (cookie: string, caseId: string) => {
  const response = await fetch(`${app.url}/quarantine/${caseId}/presence`, { headers: { cookie } });
  return ((await response.json()) as { present: Present[] }).present;
};
/** Resolves with the next change of who is at a case. */
async function changeAt(caseId: string, act: () => Promise<unknown>): Promise<void> {
  const changes = new EventTarget();
  const stop = app.console.services.presence.listen((id) => changes.dispatchEvent(new Event(id)));
  const changed = once(changes, caseId);
  await act();
  await changed;
  stop();
}

describe('who has a case open', () => {
  it('is known to the others, who edits it too, until they leave', async () => {
    await changeAt('c1', () => beat(ana, 'c1', 'looking'));
    expect(await presentTo(eve, 'c1')).toEqual([{ email: 'ana@example.com', editing: false }]);
    expect(await presentTo(ana, 'c1')).toEqual([]);
    await changeAt('c1', () => beat(ana, 'c1', 'editing'));
    expect(await presentTo(eve, 'c1')).toEqual([{ email: 'ana@example.com', editing: true }]);
    expect(await presentTo(eve, 'c2')).toEqual([]);
    await changeAt('c1', () => beat(ana, 'c1', 'left'));
    expect(await presentTo(eve, 'c1')).toEqual([]);
  });

  it('is one person, however many tabs they have', async () => {
    await changeAt('c3', () => beat(ana, 'c3', 'editing', { tab: 'tabone00' }));
    await changeAt('c3', () => beat(ana, 'c3', 'looking', { tab: 'tabtwo00' }));
    expect(await presentTo(eve, 'c3')).toEqual([{ email: 'ana@example.com', editing: true }]);
  });

  it('cannot be claimed to edit by somebody who may not', async () => {
    await changeAt('c4', () => beat(eve, 'c4', 'editing'));
    expect(await presentTo(ana, 'c4')).toEqual([{ email: 'eve@example.com', editing: false }]);
  });

  it('is asked and told only from our own pages by people signed in', async () => {
    expect((await beat('', 'c1', 'looking')).status).toBe(302);
    expect((await beat(ana, 'c1', 'looking', {}, 'https://evil.example')).status).toBe(403);
    expect((await beat(ana, 'c1', 'looking', { tab: '*' })).status).toBe(400);
    expect((await beat(ana, '%3E', 'looking')).status).toBe(404);
  });

  it('is seen by every console, and over by itself once a tab says nothing any more', async () => {
    const nc = await connect();
    // A bucket of its own, since how long entries are kept is the bucket's.
    await (await openBucket(nc, buckets.presence)).destroy();
    const [one, two] = [await openPresence(nc, silentLog, 1_000), await openPresence(nc, silentLog, 1_000)];
    const heard = new EventTarget();
    two.listen(() => heard.dispatchEvent(new Event('change')));
    const came = once(heard, 'change');
    await one.here({ caseId: 'c9', userId: 'u', tab: 'tab00000' }, { email: 'ana@example.com', editing: false });
    await came;
    expect(two.at('c9', 'other@example.com')).toHaveLength(1);
    await once(heard, 'change');
    expect(two.at('c9', 'other@example.com')).toEqual([]);
    one.close();
    two.close();
    await nc.close();
  });
});

describe('looking at a case', () => {
  it('is one act in the audit within ten minutes, whichever console was asked', async () => {
    const nc = await connect();
    const audit = await openAudit(nc, silentLog);
    let now = 0;
    const clock = { withinMs: 600_000, now: () => now };
    const [one, two] = [await openLooks(nc, audit, clock), await openLooks(nc, audit, clock)];
    for (const looks of [one, one, two]) await looks.record({ id: 'u-1' }, 'case-1', '192.0.2.1');
    await two.record({ id: 'u-2' }, 'case-1', '192.0.2.1');
    const acts = async () =>
      (await audit.latest(100)).filter(({ action, object_id }) => action === 'viewed' && object_id === 'case-1');
    expect((await acts()).map(({ actor }) => actor).sort()).toEqual(['u-1', 'u-2']);

    now = 600_001;
    await (await openBucket(nc, buckets.looks)).purge('case-1.u-1');
    await one.record({ id: 'u-1' }, 'case-1', '192.0.2.1');
    expect(await acts()).toHaveLength(3);
    await nc.close();
  });
});
