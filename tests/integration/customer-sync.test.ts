import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, streams } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import { CustomerIndex } from '#sync-engine/customers/customer-index.ts';
import { caseState } from '#tests/support/cases.ts';
import { commandOf } from '#tests/support/commands.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';

/** Customers of a shop and of the ERP, to the service desk and back: matched, merged, told, compared. */
interface User {
  externalId: string;
  name: string;
  email: string;
  phone: string;
  userFields: Record<string, unknown>;
  updates: number;
}
let engine: TestEngine;
let key: string;
let number = 100;

beforeAll(async () => {
  engine = await startEngine({
    estate: (given) => ({
      ...given,
      systems: given.systems.map((system) =>
        system.id === 'zendesk'
          ? { ...system, retry: { max_attempts: 2, initial_delay_s: 0.05, max_delay_s: 0.1 } }
          : system,
      ),
    }),
  });
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { id: 'crm', name: 'Customers', scopes: ['customers.write' as const], quota_per_minute: 1000 };
  ({ key } = await createApiClient(kv, { ...client, system: 'netsuite' }, new Date()));
}, 60_000);
afterEach(() => {
  engine.simulator.conditions.clearFaults();
  engine.simulator.conditions.setPriceDrift('zendesk', false);
});
afterAll(() => engine.close());

const newcomer = () => ({
  id: ++number,
  email: `ada.${number}@example.com`,
  phone: `+1 212 555 ${number * 10 + 1000}`,
});
const minutesAgo = (minutes: number) => `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}.000Z`;
const users = (): User[] => (engine.simulator.state('zendesk')['zendesk'] as { users: User[] }).users;
const usersCalled = (email: string) => users().filter((user) => user.email === email);

/** The first event of the transaction that a message began. */
async function begun(seq: number): Promise<string> {
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: 'steps.*.customer_sync.>' });
  const messages = await consumer.consume();
  for await (const message of messages) {
    const event = message.json<StepEvent>();
    if (event.attributes['intake_seq'] !== String(seq)) continue;
    messages.stop();
    return event.key;
  }
  throw new Error('unreachable');
}
const send = (id: string, body: object, origin = 'live') =>
  fetch(`${engine.intakeUrl}/v1/customers/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-syncline-origin': origin },
    body: JSON.stringify({ updated_at: new Date().toISOString(), ...body }),
  });
async function taken(response: Response): Promise<string> {
  if (response.status >= 300) throw new Error(`${response.status} ${await response.text()}`);
  return begun(((await response.json()) as { intake_seq: number }).intake_seq);
}
async function put(id: string, body: object, origin?: string): Promise<string> {
  await expect.poll(async () => (await send('none', {})).status, { timeout: 10_000 }).not.toBe(401);
  return taken(await send(id, body, origin));
}
const shop = async (body: object, topic = 'customers/update') =>
  taken(await engine.postShopify(topic, JSON.stringify({ updated_at: new Date().toISOString(), ...body })));
const until = (tx: string, step: string, status: StepEvent['status'] = 'completed') =>
  engine.until(tx, (event) => event.step === step && event.status === status, 'customer_sync');
const replay = async (stopped: StepEvent | undefined) => {
  const actor = { id: 'sam', roles: ['support' as const] };
  const id = stopped?.case_id ?? '';
  await commandOf(engine.nc, 'case.replay', { actor, case_id: id, revision: (await caseState(engine, id)).revision });
};

describe('a customer', () => {
  test('goes the whole way from a shop to the service desk, and no event says who it is', async () => {
    const { id, email, phone } = newcomer();
    const consent = { state: 'subscribed', opt_in_level: 'single_opt_in', consent_updated_at: minutesAgo(3) };
    const address = { address1: '7 Sample Street', city: 'New York', zip: '10003', country_code: 'US' };
    const tx = await shop(
      {
        id,
        email,
        phone,
        first_name: 'Ada',
        last_name: 'Quill',
        default_address: address,
        email_marketing_consent: consent,
      },
      'customers/create',
    );
    const events = await until(tx, 'close');
    expect(events.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'intake_received completed',
      'validate completed',
      'match completed',
      'merge completed',
      'publish_customer started',
      'publish_customer completed',
      'close completed',
    ]);
    expect(usersCalled(email)).toEqual([
      expect.objectContaining({ name: 'Ada Quill', phone, userFields: { marketing_consent: true }, updates: 1 }),
    ]);
    expect(events.at(-1)).toMatchObject({ business_key: `${id}@shopify-us`, channel: 'web-us' });
    expect(JSON.stringify(events)).not.toMatch(/ada\.|Quill|Sample Street|212.?555/i);
    const kv = await openBucket(engine.nc, buckets.customers);
    for (const name of await keysOf(kv)) expect(name).toMatch(/^(hash-key|[a-z]+\.[0-9a-f]{24,64})$/);
  });

  test('whom two systems know is one user, with the newest value of each field', async () => {
    const { id, email, phone } = newcomer();
    const first = await shop({ id, email, first_name: 'Ada', last_name: 'Old', updated_at: minutesAgo(5) });
    await until(first, 'close');
    const second = await put(`C-${id}`, { full_name: 'Ada New', email: email.toUpperCase(), phone });
    const merged = (await until(second, 'close')).find(({ step }) => step === 'merge');
    expect(merged?.attributes).toEqual({ fields: 'full_name, email, phone', merged_with: `${id} of shopify-us` });
    expect(usersCalled(email)).toEqual([expect.objectContaining({ name: 'Ada New', phone, updates: 2 })]);
    // The shop tells late what it said before: its phone is unknown, its name is older.
    const late = await shop({ id, email, first_name: 'Ada', last_name: 'Older', updated_at: minutesAgo(9) });
    expect((await until(late, 'merge', 'superseded')).at(-1)?.attributes['reason']).toContain('known already');
    expect(usersCalled(email)).toEqual([expect.objectContaining({ name: 'Ada New', updates: 2 })]);
  });

  test('without an e-mail address is recognised by phone and name, however they are written', async () => {
    const { id, email, phone } = newcomer();
    await until(await put(`C-${id}`, { full_name: 'Zoë Quill', email, phone }), 'close');
    const tx = await shop({ id, phone: phone.replaceAll(' ', ''), first_name: 'ZOE', last_name: 'Quill' });
    const events = await until(tx, 'close');
    expect(events.find(({ step }) => step === 'match')?.attributes['recognised_by']).toBe('phone_and_name');
    expect(users().filter((user) => user.phone.replaceAll(' ', '') === phone.replaceAll(' ', ''))).toHaveLength(1);
  });

  test('told twice is told the service desk once', async () => {
    const { id, email } = newcomer();
    const body = JSON.stringify({ id, email, first_name: 'Twice', updated_at: minutesAgo(1) });
    const told = async () => taken(await engine.postShopify('customers/update', body));
    const tx = await told();
    await until(tx, 'close');
    await engine.postShopify('customers/update', body);
    // A later one that says the same is a transaction of its own, and has no effect either.
    const again = await shop({ id, email, first_name: 'Twice' });
    await until(again, 'merge', 'superseded');
    expect(usersCalled(email)).toEqual([expect.objectContaining({ updates: 1 })]);
    expect((await engine.events(tx, 'customer_sync')).filter(({ step }) => step === 'close')).toHaveLength(1);
  });

  test('who withdrew their consent is not written to because of an older grant', async () => {
    const { id, email } = newcomer();
    const said = (state: string, at: string) => ({ email_marketing_consent: { state, consent_updated_at: at } });
    await until(await shop({ id, email, ...said('unsubscribed', minutesAgo(5)) }), 'close');
    const marketing_consent = { state: 'granted', at: minutesAgo(60) };
    await until(await put(`C-${id}`, { email, full_name: 'Ada Silent', marketing_consent }), 'close');
    expect(usersCalled(email)).toEqual([
      expect.objectContaining({ name: 'Ada Silent', userFields: { marketing_consent: false } }),
    ]);
  });

  test('who may be two people is a case, and nobody is merged until it is corrected', async () => {
    const { id, email, phone } = newcomer();
    await until(await put(`C-${id}`, { full_name: 'Ada Quill', email, phone }), 'close');
    const other = newcomer();
    const tx = await shop({ ...other, phone, first_name: 'Ada', last_name: 'Quill' });
    const stopped = (await until(tx, 'match', 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_class: 'conflict', error_code: 'ambiguous_customer', error_path: '/phone' });
    expect(stopped?.error_message).toContain(`C-${id} of netsuite`);
    expect(usersCalled(other.email)).toEqual([]);
    expect(usersCalled(email)).toEqual([expect.objectContaining({ updates: 1 })]);
    // A person finds out that they are one, and writes the address that is known.
    const actor = { id: 'sam', roles: ['support' as const] };
    const fixed = await commandOf(engine.nc, 'case.fix', {
      ...{ actor, case_id: stopped?.case_id ?? '', revision: 1, reason: 'the customer said so' },
      payload: JSON.stringify({
        id: other.id,
        email,
        phone,
        first_name: 'Ada',
        last_name: 'Known',
        updated_at: minutesAgo(0),
      }),
    });
    await commandOf(engine.nc, 'case.replay', {
      ...{ actor, case_id: stopped?.case_id ?? '', revision: fixed.case?.revision ?? 0 },
    });
    await engine.until(tx, (event) => event.status === 'completed' && event.step === 'merge', 'customer_sync');
    expect(usersCalled(other.email)).toEqual([]);
  });

  test('whose e-mail address is none is a case that names the field and not the value', async () => {
    const { id } = newcomer();
    const tx = await shop({ id, email: 'quill at home', first_name: 'Ada', phone: '12' });
    const stopped = (await until(tx, 'validate', 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_class: 'validation', error_code: 'malformed_email', error_path: '/email' });
    const { problems } = await caseState(engine, stopped?.case_id ?? '');
    expect(problems.map(({ path }) => path)).toEqual(['/email', '/phone']);
    expect(JSON.stringify(problems)).not.toContain('at home');
  });

  test('whom the service desk shows otherwise is a case, cured by a replay once it behaves', async () => {
    const { id, email } = newcomer();
    engine.simulator.conditions.setPriceDrift('zendesk', true);
    const tx = await shop({ id, email, first_name: 'Ada', last_name: 'Plain' });
    const stopped = (await until(tx, 'publish_customer', 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_code: 'customer_mismatch', error_path: '/full_name' });
    expect(stopped?.error_message).not.toContain('Plain');
    engine.simulator.conditions.setPriceDrift('zendesk', false);
    await replay(stopped);
    await until(tx, 'close');
    expect(usersCalled(email)).toEqual([expect.objectContaining({ name: 'Ada Plain' })]);
  });

  test('whose message is corrected when the service desk would not show it is read again from the beginning', async () => {
    const { id, email } = newcomer();
    const said = { id, email, first_name: 'Ada', last_name: 'Wrong', updated_at: minutesAgo(5) };
    engine.simulator.conditions.setPriceDrift('zendesk', true);
    const tx = await shop(said);
    const stopped = (await until(tx, 'publish_customer', 'quarantined')).at(-1);
    engine.simulator.conditions.setPriceDrift('zendesk', false);
    const actor = { id: 'sam', roles: ['support' as const] };
    await commandOf(engine.nc, 'case.fix', {
      ...{ actor, case_id: stopped?.case_id ?? '', revision: 1, reason: 'the customer said so' },
      payload: JSON.stringify({ ...said, last_name: 'Right' }),
    });
    await replay(stopped);
    const events = await until(tx, 'close');
    const again = events.slice(events.findIndex(({ status }) => status === 'replayed') + 1);
    expect(again.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'validate completed',
      'match completed',
      'merge completed',
      'publish_customer started',
      'publish_customer completed',
      'close completed',
    ]);
    expect(again.find(({ step }) => step === 'merge')?.attributes['fields']).toBe('full_name');
    expect(usersCalled(email)).toEqual([expect.objectContaining({ name: 'Ada Right' })]);
  });

  test('is not given up where the service desk is away, though orders go on without it', async () => {
    const { id, email } = newcomer();
    engine.simulator.conditions.setFault('zendesk', 'error', 1);
    const tx = await shop({ id, email, first_name: 'Ada', last_name: 'Patient' });
    const stopped = (await until(tx, 'publish_customer', 'quarantined')).at(-1);
    engine.simulator.conditions.clearFaults();
    await replay(stopped);
    await until(tx, 'close');
    expect(usersCalled(email)).toEqual([expect.objectContaining({ name: 'Ada Patient' })]);
  });

  test('loaded as history is known, and the service desk is told nothing', async () => {
    const { id, email } = newcomer();
    const tx = await put(`C-${id}`, { full_name: 'Ada Past', email }, 'backfill');
    const events = await until(tx, 'close');
    expect(events.find(({ step }) => step === 'publish_customer')?.status).toBe('skipped');
    expect(usersCalled(email)).toEqual([]);
  });
});

test('two replicas that meet the same person at once make one of them', async () => {
  const replicas = await Promise.all([CustomerIndex.open(engine.nc), CustomerIndex.open(engine.nc)]);
  const updated_at = minutesAgo(0);
  for (let round = 0; round < 10; round++) {
    const { email, phone } = newcomer();
    const told = (external_id: string, by: object) => ({ schema_version: 1 as const, external_id, updated_at, ...by });
    const mailed = await Promise.all(
      replicas.map((index, i) => index.recognise(told(`m-${round}-${i}`, { email }), `system-${i}`)),
    );
    const phoned = await Promise.all(
      replicas.map((index, i) => index.recognise(told(`p-${round}-${i}`, { phone, full_name: 'A B' }), `system-${i}`)),
    );
    for (const pair of [mailed, phoned])
      expect(new Set(pair.map((found) => ('id' in found ? found.id : 'doubtful'))).size).toBe(1);
  }
});

test('an address with a wrong number of a customer is refused, and so is a key without the scope', async () => {
  expect((await send('ada%40example.com', {})).status).toBe(422);
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { id: 'pim-only', name: 'Products', scopes: ['products.write' as const], quota_per_minute: 10 };
  const { key: other } = await createApiClient(kv, { ...client, system: 'netsuite' }, new Date());
  const asOther = () =>
    fetch(`${engine.intakeUrl}/v1/customers/C-1`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${other}`, 'content-type': 'application/json' },
      body: '{}',
    });
  await expect.poll(async () => (await asOther()).status, { timeout: 10_000 }).toBe(403);
});
