import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildConsole, needsBuild } from '#scripts/start/build.ts';
import { benchComplete } from './complete.ts';
import { benchInbox } from './inbox.ts';
import { benchIngest } from './ingest.ts';
import { benchPages } from './pages.ts';
import { benchRunner } from './runner.ts';
import { benchStock } from './stock.ts';
import { benchVisible } from './visible.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const usage = `npm run bench -- [options]
  --json FILE   write the figures to FILE
  --only NAMES  of runner, complete, ingest, visible, inbox, stock and pages, comma separated; the last two only when named
  --steps LIST  histories that pages are measured at (1000000,10000000,100000000)
  --keep PATH   keeps those histories under PATH-<steps>, and takes them from there where they are already
  --orders N    complete orders over HTTP (3,000)
  --build DIR   the built console; without it build/ is used, and built where it is missing or old
  --profile DIR keep a CPU profile of the engine in DIR
`;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: 'runner,complete,ingest,visible,inbox' },
    orders: { type: 'string', default: '3000' },
    keep: { type: 'string' },
    steps: { type: 'string', default: '1000000,10000000,100000000' },
    build: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

type Figures = Record<string, unknown>;

const benches: Record<string, () => Promise<Figures>> = {
  runner: async () => ({ ...(await benchRunner()) }),
  complete: async () => ({
    ...(await benchComplete({
      orders: Number(values.orders),
      ...(values.profile === undefined ? {} : { profiles: resolve(values.profile) }),
    })),
  }),
  ingest: async () => ({ ...(await benchIngest()) }),
  visible: async () => ({ ...(await benchVisible({ built: await builtConsole() })) }),
  inbox: async () => ({ ...(await benchInbox()) }),
  stock: async () => ({ ...(await benchStock()) }),
  pages: async () => ({
    ...(await benchPages({
      built: await builtConsole(),
      sizes: values.steps.split(',').map(Number),
      ...(values.keep === undefined ? {} : { keep: resolve(values.keep) }),
    })),
  }),
};

/** What `--json` writes of each part; the rest is only printed. */
const kept: Record<string, readonly string[]> = {
  runner: ['orders_per_s', 'ratio'],
  complete: ['orders_per_s'],
  ingest: ['steps_per_s', 'ratio'],
  visible: ['clickhouse_p50_ms', 'clickhouse_p99_ms', 'screen_p50_ms', 'screen_p99_ms'],
  inbox: ['slowest_p95_ms'],
  pages: ['slowest_page_p95_ms', 'slowest_look_up_p95_ms', 'greatest_growth'],
};

async function builtConsole(): Promise<string> {
  if (values.build !== undefined) return resolve(values.build);
  if (needsBuild(root)) await buildConsole(root);
  return `${root}/build`;
}

async function main(): Promise<void> {
  const load = () =>
    loadavg()
      .map((one) => one.toFixed(1))
      .join(' ');
  say(`${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${load()}`);
  const result: Record<string, Figures> = {};
  for (const name of values.only.split(',')) {
    const bench = benches[name];
    if (bench === undefined) throw new Error(`There is no benchmark "${name}".\n${usage}`);
    const figures = await bench();
    say(`\n${name} (load ${load()})`);
    for (const [figure, value] of Object.entries(figures)) say(`  ${figure.padEnd(20)} ${words(value)}`);
    const wanted = kept[name];
    if (wanted !== undefined) result[name] = Object.fromEntries(wanted.map((figure) => [figure, figures[figure]]));
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function words(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${String(part)}`)
    .join(', ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (values.help) say(usage);
else {
  main().then(
    // The embedded ClickHouse keeps threads of its own.
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
