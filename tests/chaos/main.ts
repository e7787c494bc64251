import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bundleServices } from './bundle.ts';
import { findCrashPoints } from './crash-points.ts';
import { type RepairResult, runRepair } from './repair.ts';
import { runChaos, type RunResult } from './run.ts';
import { caughtWithout, type Missing, proofOf } from './sabotage.ts';
import type { Violations } from './violations.ts';

const usage = `npm run chaos -- [--orders N] [--kills N] [--seed TEXT] [--only points|kills|sabotage|repair] [--point PATTERN] [--cases N] [--rate N] [--live N] [--json FILE]

Kills two engine replicas and ingest, at every named crash point and at random moments, while orders are placed, and
checks that every order has exactly one of each document, that stock is conserved, that each break is opened once and
that ClickHouse equals the stream. Then repairs N cases of one cause with one repair, through a console that is killed
too, beside live orders. Then runs builds without the fence and without the claim, which the same checks must catch.
--point leaves, of the crash points, only those that PATTERN matches, a regular expression.
`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now()) },
    cases: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '25' },
    live: { type: 'string', default: '5' },
    only: { type: 'string' },
    point: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const count = (name: 'orders' | 'kills' | 'cases' | 'rate' | 'live'): number => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 0) return number;
  process.stderr.write(`--${name} must be a whole number, not "${values[name]}".\n`);
  process.exit(2);
};
function patternOf(text = ''): RegExp {
  try {
    return new RegExp(text);
  } catch {
    process.stderr.write(`--point must be a regular expression, not "${text}".\n`);
    process.exit(2);
  }
}
const parts = ['points', 'kills', 'repair', 'sabotage'];
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (values.only !== undefined && !parts.includes(values.only)) {
  process.stderr.write(`--only is one of ${parts.join(', ')}.\n`);
  process.exit(2);
}

const points = await findCrashPoints(patternOf(values.point));
if (points.engine.length + points.ingest.length === 0) {
  process.stderr.write(`No crash point matches --point ${values.point}.\n`);
  process.exit(2);
}

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const wants = (part: string): boolean => values.only === undefined || values.only === part;
const shared = { environment: process.env, seed: values.seed, say };
const orders = count('orders');
const kills = count('kills');

say(`seed ${values.seed}`);
const bundle = await bundleServices({ pages: wants('repair') });
let failed = false;
const report: Record<string, unknown> = { seed: values.seed };

function show(title: string, result: RunResult): void {
  const rows: [string, string | number][] = [
    ['orders', result.orders],
    ['webhooks told twice', result.repeated],
    ['posts repeated', result.retried],
    ['crash points hit', result.points.hit.length],
    ['crash points missed', result.points.missed.length],
    ...Object.entries(result.killed.kills).map(([name, n]): [string, number] => [`kills of ${name}`, n]),
    ['pauses beyond a lease', result.killed.pauses],
    ['events', result.events],
    ['transactions', result.transactions],
    ['violations', result.violations.total],
    ['seconds', result.seconds],
  ];
  process.stdout.write(`\n${title}\n${rows.map(([name, value]) => `  ${name.padEnd(28)}${value}`).join('\n')}\n`);
  list(result.violations);
  if (result.folder !== undefined) process.stdout.write(`  logs: ${result.folder}\n`);
  process.stdout.write('\n');
  report[title] = { ...result, violations: result.violations.list() };
  failed ||= result.violations.total > 0;
}

/** Live orders may take this much longer beside a repair of many. */
const LIVE_TOLERANCE = 1.5;

function showRepair(result: RepairResult): void {
  const { before, beside } = result.liveP95Ms;
  const ratio = before === 0 ? 0 : Math.round((beside / before) * 100) / 100;
  const rows: [string, string | number][] = [
    ['cases', result.cases],
    ['outcomes', JSON.stringify(result.outcomes)],
    ...Object.entries(result.kills).map(([name, n]): [string, number] => [`kills of ${name}`, n]),
    ['looks at the console', `${result.console.looks}, ${result.console.unanswered} requests unanswered`],
    ['replayed in', `${result.replayedInS} s`],
    ['live p95 before', `${before} ms over ${result.liveOrders.before} orders`],
    ['live p95 beside', `${beside} ms over ${result.liveOrders.beside} orders (${ratio} times)`],
    ['violations', result.violations.total],
  ];
  process.stdout.write(
    `\na repair of many\n${rows.map(([name, value]) => `  ${name.padEnd(28)}${value}`).join('\n')}\n`,
  );
  list(result.violations);
  if (result.folder !== undefined) process.stdout.write(`  logs: ${result.folder}\n`);
  report['a repair of many'] = { ...result, ratio, violations: result.violations.list() };
  failed ||= result.violations.total > 0 || ratio > LIVE_TOLERANCE;
}

function list(violations: Violations): void {
  for (const { kind, count: times, examples } of violations.list())
    process.stdout.write(`  ! ${kind} (${times})\n${examples.map((example) => `      ${example}\n`).join('')}`);
}

try {
  if (wants('points')) show('at every crash point', await runChaos({ bundle, ...shared, points }));
  if (wants('kills')) show('at random moments', await runChaos({ bundle, ...shared, kills: { orders, kills } }));
  if (wants('repair'))
    showRepair(
      await runRepair({
        bundle,
        ...shared,
        cases: count('cases'),
        ratePerS: count('rate'),
        livePerS: count('live'),
      }),
    );
  if (wants('sabotage'))
    for (const missing of ['fence', 'claim'] satisfies Missing[]) {
      const violations = await caughtWithout(missing, { bundle, ...shared });
      const caught = violations.has(proofOf[missing]);
      process.stdout.write(`\nwithout the ${missing}: ${caught ? 'caught' : 'NOT CAUGHT'}\n`);
      list(violations);
      report[`without the ${missing}`] = violations.list();
      failed ||= !caught;
    }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  say(failed ? 'FAILED' : 'all is well');
} finally {
  await bundle.remove();
}
process.exit(failed ? 1 : 0);
