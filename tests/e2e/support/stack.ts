import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import { role } from '#contracts/v1/permissions.ts';
import { openUsers } from '#platform/users.ts';
import { buildConsole, needsBuild } from '#scripts/start/build.ts';
import { newPassword } from '#scripts/start/secrets.ts';
import { waitReady } from '#scripts/start/readiness.ts';
import { createProgress } from '#scripts/start/progress.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { freePort } from '../../support/nats.ts';
import { orderDraft, startEngine, type TestEngine } from '../../support/engine.ts';
import { calm, trade, tradingEstate, tradingTraffic } from './trading.ts';

// The product as people run it, on free ports and in a folder of its own: NATS, the simulated vendors and the engine in
// this process, console and ingest in theirs. Speaks to the tests over a small HTTP address of its own and ends when
// its standard input does.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const orderRequest = z.object({
  id: z.int().positive(),
  taxTitle: z.string().optional(),
  /** Of each line. */
  quantity: z.int().positive().optional(),
});
const editRequest = z.object({ ...orderRequest.shape, note: z.string() });
/** In US dollars: an order of a few pieces is less, one of a hundred is more. */
const secondPersonAbove = '1000';

async function main(): Promise<void> {
  if (needsBuild(root)) await buildConsole(root);
  const folder = await mkdtemp(join(tmpdir(), 'syncline-e2e-'));
  const shortly = [1_000, 2_000] as const;
  const engine = await startEngine({
    estate: (declared) => ({
      ...declared,
      policies: { ...declared.policies, second_person_above: secondPersonAbove },
    }),
    shape: tradingEstate,
    simulator: {
      // As many items as the master data of a test has.
      catalogueSize: 5,
      pace: { shipAfterMs: shortly, deliverAfterMs: shortly, splitShare: 0 },
      traffic: tradingTraffic,
    },
  });
  const people = await createPeople(engine);
  const estateFile = join(folder, 'estate.yaml');
  await writeFile(estateFile, JSON.stringify(engine.estate));
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/console-ingest.ts'], {
    cwd: root,
    // Its log goes where a person sees it; standard output is for the tests.
    stdio: ['ignore', process.stderr, process.stderr],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NATS_URL: engine.nats.url,
      CLICKHOUSE_PATH: join(folder, 'clickhouse'),
      ESTATE_FILE: estateFile,
      PORT: String(port),
      OPS_PORT: '0',
      OTLP_PORT: '0',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      UV_THREADPOOL_SIZE: '16',
    },
  });
  const console = `http://127.0.0.1:${port}`;
  const quiet = createProgress(() => undefined);
  await waitReady('console', `${console}/readyz`, quiet, { timeoutMs: 90_000, signal: AbortSignal.timeout(90_000) });
  const control = await openControl(engine);
  process.stdout.write(`${JSON.stringify({ console, control, people })}\n`);

  process.stdin.resume();
  await once(process.stdin, 'end');
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

async function createPeople(engine: TestEngine): Promise<Record<string, { email: string; password: string }>> {
  const users = await openUsers(engine.nc);
  const people: Record<string, { email: string; password: string }> = {};
  for (const held of role.options) {
    const person = { email: `${held}@syncline.example`, password: newPassword() };
    await users.create({ ...person, name: `The ${held}`, roles: [held] });
    people[held] = person;
  }
  return people;
}

/**
 * `POST /orders {id, taxTitle?, quantity?}` places an order in the simulated US shop, whose webhook then goes to the intake;
 * `POST /edits {…, note}` writes a note on it there afterwards. `POST /trade` fills the estate, once, and leaves its ERP
 * away; `POST /calm` brings that back.
 */
async function openControl(engine: TestEngine): Promise<string> {
  const trading = {
    place: (id: number, taxTitle?: string) => engine.placeOrder(draftOf(engine, { id, taxTitle })),
  };
  let traded: Promise<void> | undefined;
  const acts: Record<string, (body: unknown) => Promise<unknown>> = {
    '/orders': (body) => placeOrder(engine, orderRequest.parse(body)),
    '/edits': (body) => editOrder(engine, editRequest.parse(body)),
    '/trade': () => (traded ??= trade(engine, trading)),
    '/calm': () => calm(engine, trading),
  };
  const server = createServer((request, response) => {
    void json(request)
      .then((body) => acts[request.url ?? '']?.(body))
      .then((done) => response.end(JSON.stringify(done ?? {})))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function placeOrder(engine: TestEngine, request: z.output<typeof orderRequest>) {
  const draft = draftOf(engine, request);
  return { key: await engine.placeOrder(draft), number: draft.number };
}

/** @returns once the order's flow knows of the edit. */
async function editOrder(engine: TestEngine, { note, ...request }: z.output<typeof editRequest>) {
  const draft = draftOf(engine, request);
  const shop = engine.estate.systems.find(({ id }) => id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const order = { ...buildShopifyOrder(draft, shop, { updatedAt: new Date() }), note };
  const answer = await engine.postShopify('orders/updated', JSON.stringify(order));
  if (!answer.ok) throw new Error(`intake answered ${answer.status}: ${await answer.text()}`);
  const key = transactionKey('shopify-us', String(draft.id));
  await engine.until(key, ({ step }) => step === 'channel_update_received');
  return { key, number: draft.number };
}

function draftOf(engine: TestEngine, { id, taxTitle, quantity }: z.output<typeof orderRequest>): OrderDraft {
  const draft = orderDraft(engine.simulator, { id });
  const lines = draft.lines.map((line) => ({
    ...line,
    quantity: quantity ?? line.quantity,
    taxes: line.taxes.map((tax) => ({
      ...tax,
      title: taxTitle ?? tax.title,
      cents: Math.round((tax.cents * (quantity ?? line.quantity)) / line.quantity),
    })),
  }));
  return { ...draft, lines };
}

await main();
