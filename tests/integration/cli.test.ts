import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import { openAudit } from '#platform/audit.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { channelOrder } from '#tests/support/channel-order.ts';
import { type CliRun, runCli } from '#tests/support/cli.ts';
import { type CliEstate, startCliEstate } from '#tests/support/cli-estate.ts';
import { controlSimulator } from '#tests/support/commands.ts';
import { orderDraft, type TestEngine } from '#tests/support/engine.ts';

let cli: CliEstate;
let estate: TestEngine;
let dataDir: string;
let nextId = 880_000;

const syncline = (...args: string[]): Promise<CliRun> => cli.syncline(...args);
const done = (...args: string[]): Promise<string> => cli.done(...args);
const json = <T>(...args: string[]): Promise<T> => cli.json<T>(...args);
const fileOf = (name: string, content: string): Promise<string> => cli.fileOf(name, content);

/** Nobody has mapped this tax: the order becomes a case. @returns its key and the case. */
async function quarantinedOrder(): Promise<{ key: string; found: CaseState }> {
  const id = ++nextId;
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({
    ...line,
    taxes: line.taxes.map((tax) => ({ ...tax, title: `Levy ${id}` })),
  }));
  const shop = estate.estate.systems.find((system) => system.id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const body = JSON.stringify(buildShopifyOrder({ ...draft, lines }, shop));
  estate.simulator.placeOrder('shopify-us', body);
  const sent = await json<{ status: number; answer: { key: string } }[]>(
    'intake',
    'send',
    'shopify-us',
    await fileOf('order.json', body),
  );
  const key = sent[0]?.answer.key ?? '';
  expect(sent).toMatchObject([{ status: 200, answer: { accepted: true, key: expect.any(String) as string } }]);
  const told = await done('steps', 'tail', '--key', key, '--until', 'validate:quarantined', '--timeout', '20');
  expect(told).toContain('quarantined');
  const [found] = await json<CaseState[]>('cases', 'list', '--key', key);
  if (found === undefined) throw new Error('the order has no case');
  return { key, found };
}

beforeAll(async () => {
  cli = await startCliEstate();
  ({ estate, dataDir } = cli);
});
afterAll(() => cli.close());

describe('FEATURE handing payloads over', () => {
  it('sends a marketplace order with the key of an API client, and follows it to the end', async () => {
    const { key: apiKey } = await json<{ key: string }>('api-clients', 'add', 'bazaar', '--system', 'marketplace');
    const [item] = estate.simulator.catalogue.active;
    if (item === undefined) throw new Error('the catalogue is empty');
    const file = await fileOf('market.json', JSON.stringify(channelOrder('CLI-1', item)));
    const run = await runCli(['--data-dir', dataDir, 'intake', 'send', 'marketplace', file, '--json'], {
      env: { SYNCLINE_API_KEY: apiKey },
      entry: 'sources',
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const [sent] = JSON.parse(run.stdout) as { status: number; answer: { key: string } }[];
    expect(sent?.status).toBe(202);
    const key = sent?.answer.key ?? '';
    const lines = (await done('steps', 'tail', '--key', key, '--until', 'settle', '--timeout', '30', '--json')).trim();
    const events = lines.split('\n').map((line) => JSON.parse(line) as { step: string; key: string; state?: unknown });
    expect(events.at(-1)).toMatchObject({ step: 'settle', key });
    expect(events.every(({ state }) => state === undefined)).toBe(true);
    expect(await json<{ id: string }[]>('api-clients', 'list')).toMatchObject([{ id: 'bazaar' }]);
  });

  it('signs as a warehouse would, and shows what a refused delivery should have said', async () => {
    const change = {
      change_id: 'cli-1',
      sku: estate.simulator.catalogue.active[0]?.sku,
      location_code: 'dc-east',
      reason: 'adjustment',
      quantity: 3,
      version: 999_999,
      occurred_at: new Date().toISOString(),
    };
    const file = await fileOf('stock.json', JSON.stringify(change));
    expect(await done('intake', 'send', 'wms-east', file, '--topic', 'stock.changed')).toContain('200');
    const forged = await syncline('intake', 'send', 'wms-east', file, '--header', 'x-wms-signature=00');
    expect(forged.code).toBe(1);
    expect(forged.stdout).toContain('x-wms-signature does not match the body');
    const incomplete = await runCli(['--data-dir', dataDir, 'intake', 'send', 'marketplace', '-'], {
      env: { SYNCLINE_API_KEY: 'bazaar.wrong' },
      input: '{}',
    });
    expect(incomplete).toMatchObject({ code: 1, stdout: expect.stringContaining('401') as string });
  });
});

describe('FEATURE cases', () => {
  it('shows a case, hands it to somebody, keeps a fixed payload and replays it past the failed step', async () => {
    const { key, found } = await quarantinedOrder();
    const id = found.case_id;
    expect(await done('cases', 'show', id)).toContain(`syncline mappings put tax_code netsuite "Levy ${nextId}"`);
    expect(await json('cases', 'show', id)).toMatchObject({ case_id: id, key, events: [{ type: 'opened' }] });

    await done('users', 'add', 'kim@shop.example', '--role', 'support', '--name', 'Kim');
    expect(await syncline('cases', 'assign', id, '--to', 'nobody@shop.example')).toMatchObject({ code: 1 });
    expect(await done('cases', 'assign', id, '--to', 'Kim@shop.example')).toBe('Assigned to kim@shop.example.\n');

    const payload = await done('cases', 'payload', id);
    const mapped = orderDraft(estate.simulator, { id: nextId }).lines[0]?.taxes[0]?.title ?? '';
    const fixed = await fileOf('fixed.json', payload.replaceAll(`Levy ${nextId}`, mapped));
    await done('cases', 'fix', id, fixed, '--reason', 'the tax goes by another name');
    expect(await done('cases', 'dry-run', id)).toContain('The replay would pass.');
    const outcome = await json<CaseState>('cases', 'replay', id, '--wait', '30');
    expect(outcome).toMatchObject({ status: 'resolved', payload_version: 2, assignee: 'kim@shop.example' });
    expect(await done('steps', 'tail', '--key', key, '--until', 'settle', '--timeout', '30')).toContain('settle');
    expect(await json('cases', 'list', '--key', key)).toEqual([]);
    expect(await json('cases', 'list', '--key', key, '--all')).toHaveLength(1);
  });

  it('discards a case, opens it again, and says why a document cannot have been made outside', async () => {
    const { found } = await quarantinedOrder();
    const id = found.case_id;
    expect(await done('cases', 'discard', id, '--reason', 'a trial order')).toBe('Discarded.\n');
    expect(await syncline('cases', 'replay', id)).toMatchObject({
      code: 1,
      stderr: 'The case is discarded already.\n',
    });
    expect(await done('cases', 'restore', id)).toBe('Restored.\n');
    const outside = await syncline('cases', 'done-outside', id, 'SO1');
    expect(outside.code).toBe(1);
    expect(outside.stderr).toContain('makes no document outside');

    const put = ['tax_code', 'netsuite', `Levy ${nextId}`, 'NY-STATE', '--reason', 'agreed', '--case', id];
    expect(await done('mappings', 'put', ...put)).toBe(`Levy ${nextId} is now NY-STATE for netsuite.\n`);
    const mappings = await json<{ code: string }[]>('mappings', 'list', '--system', 'netsuite');
    expect(mappings.map(({ code }) => code)).toContain(`Levy ${nextId}`);
  });
});

it('FEATURE orders: holds one while the ERP is away, releases it and cancels it', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 60 });
  const key = await estate.placeOrder({ id: ++nextId });
  await done('steps', 'tail', '--key', key, '--until', 'erp_create_sales_order:retrying', '--timeout', '20');
  expect(await done('orders', 'hold', key, '--reason', 'address check')).toContain('on hold');
  expect(await syncline('orders', 'hold', key, '--reason', 'again')).toMatchObject({ code: 1 });
  expect(await json('orders', 'release', key, '--reason', 'checked')).toMatchObject({ ok: true });
  expect(await done('orders', 'cancel', key, '--reason', 'the customer asked')).toContain('accepted');
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 0 });
  await done('steps', 'tail', '--key', key, '--until', 'cancelled', '--timeout', '40');
  const acts = (await (await openAudit(estate.nc, estate.log)).latest(4)).filter((act) => act.object_id === key);
  expect(acts.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'order.cancel done',
    'order.release done',
    'order.hold refused',
    'order.hold done',
  ]);
  expect(JSON.stringify(acts)).not.toContain('address check');
}, 90_000);

it('FEATURE connectors: pauses one, says by whom and why, and resumes it', async () => {
  expect(await done('connectors', 'pause', 'wms-west', '--reason', 'stocktaking')).toContain('is paused');
  expect(await done('connectors', 'list')).toMatch(/wms-west +paused .*stocktaking/);
  const listed = await json<{ paused: boolean }[]>('connectors', 'list');
  expect(listed.filter(({ paused }) => paused)).toMatchObject([
    { id: 'wms-west', switch: { reason: 'stocktaking', changed_by: expect.stringMatching(/^cli:/) as string } },
  ]);
  expect(await done('connectors', 'resume', 'wms-west')).toContain('goes on');
  expect(await syncline('connectors', 'pause', 'nobody', '--reason', 'x')).toMatchObject({ code: 1 });
});

it('FEATURE status: waits until every service is ready', async () => {
  const waiting = ['NATS is not connected'];
  cli.waitFor(waiting);
  const refused = await syncline('status', '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ ready: false, services: [{ reasons: waiting }] });
  const waited = syncline('status', '--wait', '60');
  cli.waitFor([]);
  expect(await waited).toMatchObject({ code: 0, stdout: expect.stringContaining('ready') as string });
});

it('FEATURE causes and repairs: one repair for every case of a cause, tried first, with what became of each', async () => {
  const { found } = await quarantinedOrder();
  await done('cases', 'tag', found.case_id, '--add', 'vat', 'vendor');
  expect(await json<CaseState>('cases', 'show', found.case_id)).toMatchObject({ tags: ['vat', 'vendor'] });

  const causes = await json<{ fingerprint: string; cases: number }[]>('cases', 'causes');
  expect(causes.find(({ fingerprint }) => fingerprint === found.fingerprint)?.cases).toBeGreaterThan(0);

  const patch = await fileOf('patch.json', JSON.stringify([{ op: 'add', path: '/note', value: 'Seen' }]));
  const tried = await json<{ run: { run_id: string } }>(
    ...['repairs', 'try', '--case', found.case_id, '--patch', patch, '--reason', 'A trial'],
  );
  const id = tried.run.run_id;
  expect(await json<{ run_id: string }[]>('repairs', 'list')).toContainEqual(
    expect.objectContaining({ run_id: id }) as unknown,
  );
  await expect
    .poll(() => json<{ outcome: string; message: string }[]>('repairs', 'report', id), { timeout: 20_000 })
    .toMatchObject([
      { case_id: found.case_id, outcome: 'not_cured', message: expect.stringContaining('Levy') as string },
    ]);
  await done('repairs', 'abort', id, '--reason', 'It does not help');
  expect(await done('repairs', 'show', id)).toContain('aborted');
});

it('FEATURE keys: what a system needs is the default; the work on cases is given by name', async () => {
  await done('api-clients', 'add', 'plain', '--system', 'marketplace');
  await done('api-clients', 'add', 'desk', '--system', 'marketplace', '--scope', 'cases.read', 'cases.work');
  const listed = await json<{ id: string; scopes: string[] }[]>('api-clients', 'list');
  expect(listed.find(({ id }) => id === 'desk')?.scopes).toEqual(['cases.read', 'cases.work']);
  expect(listed.find(({ id }) => id === 'plain')?.scopes).not.toContain('cases.read');
});

it('FEATURE users: the password is made up and shown once, or taken from the environment', async () => {
  const made = await json<{ password: string }>('users', 'add', 'vic@shop.example', '--role', 'viewer');
  expect(made.password.length).toBeGreaterThan(12);
  const given = await runCli(['--data-dir', dataDir, 'users', 'add', 'sue@shop.example', '--role', 'viewer'], {
    env: { SYNCLINE_PASSWORD: 'a password of hers' },
  });
  expect(given).toMatchObject({ code: 0, stdout: 'Created sue@shop.example (viewer).\n' });
  const listed = await done('users', 'list', '--json');
  expect(listed).toContain('sue@shop.example');
  expect(listed).not.toMatch(/hash|a password of hers/);
});

it('FEATURE migrate: brings a new folder up to date, and then has nothing to do', async () => {
  const folder = join(dataDir, 'other');
  const first = await runCli(['--data-dir', folder, 'migrate', '--json'], { entry: 'sources' });
  expect(first.code, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toContain('0001_steps.sql');
  expect(await runCli(['--data-dir', folder, 'migrate'])).toMatchObject({ code: 0, stdout: 'Nothing to do.\n' });
});

describe('RULE what cannot be done is one line that names the field and the remedy, with an exit code', () => {
  it.each<[code: number, says: string, command: string, env?: Record<string, string>]>([
    [2, '"syncline cases list" shows it', 'cases show *'],
    [1, 'There is no case nope', 'cases show nope'],
    [2, 'A tag is lower-case letters', 'cases tag c1 --add Urgent!'],
    [2, 'Say what cures', 'repairs try --cause abcdef01 --reason x'],
    [2, 'Name either a --cause or cases', 'repairs try --again --reason x'],
    [1, 'There is no repair nope', 'repairs report nope'],
    [1, 'There is no rule nope', 'rules off nope --reason x'],
    [2, 'Say until when', 'causes mute abcdef01 --reason x'],
    [2, 'Try one change', 'shadow run --estate /dev/null --mapping a:b:c=d'],
    [1, 'There is no trial nope', 'shadow show nope'],
    [2, "argument 'document-number'. It may not be empty.", 'cases done-outside c1 '],
    [1, 'The file /nowhere/x.json cannot be read.', 'cases fix c1 /nowhere/x.json --reason x'],
    [2, "'--key <key>'", 'steps tail --key steps.>'],
    [2, 'A status is one of started', 'steps tail --until settle:finished'],
    [2, "'--count <n>'", 'steps tail --count 1.5'],
    [1, '0 of 5 events were seen within 0.2 s.', 'steps tail --key shop==0 --count 5 --timeout 0.2'],
    [2, "'--reason <text>' argument '' is invalid. It may not be empty.", 'orders hold shop==1 --reason '],
    [1, 'There is no such order', 'orders cancel shop==1 --reason x'],
    [1, '<email>: an e-mail address looks like', 'users add nonsense --role viewer'],
    [2, 'Allowed choices are viewer', 'users add a@shop.example --role boss'],
    [
      1,
      'SYNCLINE_PASSWORD: a password has at least',
      'users add a@b.example --role viewer',
      { SYNCLINE_PASSWORD: 'x' },
    ],
    [2, "'--system <id>'", 'mappings list --system a.*'],
    [2, 'tax_code, sku', 'mappings put colour netsuite a b --reason x'],
    [1, 'It has shopify-us', 'intake send nosuch /dev/null'],
    [2, '--header', 'intake send wms-east /dev/null --header x:y'],
    [2, "'--url <url>'", 'intake send wms-east /dev/null --url nonsense'],
    [2, 'CLICKHOUSE_URL', 'migrate', { CLICKHOUSE_URL: 'nonsense' }],
    [2, 'CLICKHOUSE_CLUSTER needs a server', 'migrate', { CLICKHOUSE_CLUSTER: 'main' }],
    [3, 'No ClickHouse server answers at http://127.0.0.1:9/', 'migrate', { CLICKHOUSE_URL: 'http://127.0.0.1:9' }],
    [3, 'No Syncline runs on /nowhere', '--data-dir /nowhere cases list'],
    [3, 'does not answer', '--nats nats://127.0.0.1:9 cases list'],
    [2, "'--wait [seconds]'", 'status --wait soon'],
  ])('%i: %s', async (code, says, command, env) => {
    const run = await runCli(['--data-dir', dataDir, ...command.split(' ')], env === undefined ? {} : { env });
    expect(run.code, run.stderr).toBe(code);
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toMatch(/^ +at /m);
    expect(run.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});
