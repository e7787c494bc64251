import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { problem } from '#contracts/v1/channel-api.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Kinds } from '#sync-engine/connectors/kinds.ts';
import { httpUrl } from './arguments.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { estateFileOf, estateOf, type Target, targetOf } from './connection.ts';
import { deliveryFor, type Delivery } from './delivery.ts';
import { printRows } from './output.ts';
import { introduceToShop } from './simulated-shop.ts';

interface SendOptions {
  topic?: string;
  header?: string[];
  url?: string;
  json?: boolean;
}

interface Sent {
  file: string;
  status: number;
  answer: unknown;
}

/** Delivers payload files as a system of the estate would: its path, its headers, its signature. */
export function addIntakeCommand(program: Command): void {
  program
    .command('intake')
    .description('hand payloads to the intake')
    .command('send')
    .description('sign and post payload files as that system would')
    .argument('<system>', 'id of a system in the estate: shopify-us, wms-east, marketplace, …')
    .argument('<file...>', 'payloads, sent byte for byte; - reads standard input')
    .option(
      '--topic <topic>',
      'what the payload is (default: the first that its connector knows, orders for the channel API)',
    )
    .option('--header <name=value...>', 'add or replace a header')
    .option('--url <url>', 'intake address, instead of what the data directory names (or INTAKE_URL)', httpUrl)
    .option('--json', 'print the answers as JSON')
    .addHelpText(
      'after',
      `
Topics of the channel API are the paths below /v1: orders, products/<sku>, stock/<location>/<sku>,
mappings/<kind>/<code>. Secrets come from the environment by the names in the estate file, otherwise from the data
directory; the API key of a channel from SYNCLINE_API_KEY, otherwise from the data directory.`,
    )
    .action(send);
}

async function send(system: string, files: string[], options: SendOptions, command: Command): Promise<void> {
  const target = targetOf(command);
  const url = options.url ?? process.env['INTAKE_URL'] ?? target.runtime?.intake;
  if (url === undefined)
    throw new CliError(
      `No Syncline runs on ${target.dataDir}. Start one, or name its intake with --url.`,
      exitCodes.unreachable,
    );
  const estate = await estateOf(target);
  const kinds = await kindsOf(estate, target);
  const extra = Object.fromEntries((options.header ?? []).map(parseHeader));
  const sent: Sent[] = [];
  for (const file of files) {
    const body = readPayload(file);
    const delivery = deliveryFor({ estate, kinds, systemId: system, topic: options.topic, body, target });
    await introduceToShop(target, system, delivery, body);
    sent.push({ file, ...(await post(url, delivery, body, extra)) });
  }
  printRows(
    sent,
    [
      { head: 'FILE', of: (row) => row.file },
      { head: 'STATUS', of: (row) => String(row.status), right: true },
      { head: 'ANSWER', of: (row) => answerOf(row) },
    ],
    options.json ?? false,
  );
  if (sent.some(({ status }) => status >= 300)) process.exitCode = exitCodes.refused;
}

/** How the estate's systems send. The connectors are loaded where they are needed: every other command starts without. */
async function kindsOf(estate: Estate, target: Target): Promise<Kinds> {
  const { Kinds: Known } = await import('#sync-engine/connectors/kinds.ts');
  const { loadConnectors } = await import('#sync-engine/connectors/load.ts');
  return new Known(estate, await loadConnectors(estate, estateFileOf(target)));
}

async function post(
  url: string,
  delivery: Delivery,
  body: Buffer,
  extra: Record<string, string>,
): Promise<{ status: number; answer: unknown }> {
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/$/, '')}${delivery.path}`, {
      method: delivery.method,
      headers: { ...delivery.headers, ...extra },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(15_000),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliError(`The intake at ${url} does not answer: ${cause}.`, exitCodes.unreachable);
  }
  const text = await response.text();
  return { status: response.status, answer: parsed(text) };
}

/** A refusal in one line: what is wrong, then each field (RFC 9457, as the intake answers). */
function answerOf({ status, answer }: Sent): string {
  if (typeof answer === 'string') return answer;
  const refusal = status >= 300 ? problem.safeParse(answer) : undefined;
  if (!refusal?.success) return JSON.stringify(answer);
  const { title, detail, errors = [] } = refusal.data;
  return [detail ?? title, ...errors.map(({ path, message }) => `${path}: ${message}`)].join(' ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseHeader(text: string): [string, string] {
  const at = text.indexOf('=');
  if (!/^[\w!#$%&'*+.^`|~-]+=[\t -~]*$/.test(text))
    throw new CliError(`--header: "${text}" is not <name>=<value> as HTTP spells headers.`, exitCodes.usage);
  return [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
}

function readPayload(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch {
    throw new CliError(`The file ${file} cannot be read.`);
  }
}
