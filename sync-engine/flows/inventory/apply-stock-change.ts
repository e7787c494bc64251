import { createHash } from 'node:crypto';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import { channelStock } from '#contracts/v1/channel-api.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { type IntakeHeaders, resourceParts } from '#contracts/v1/intake.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import { stockChangeOf } from '#sync-engine/connectors/rest-wms/inbound.ts';
import { jsonPointer } from '#sync-engine/json-pointer.ts';
import type { StockClient } from '#sync-engine/stock/client.ts';

export interface StockArrival {
  headers: IntakeHeaders;
  body: Uint8Array;
}

export interface StockArrivalEnv {
  estate: Estate;
  stock: Pick<StockClient, 'change'>;
  master: {
    product(sku: string): object | undefined;
    mapping(kind: MappingKind, system: string, code: string): { target: string } | undefined;
  };
}

/** `early`: its product is not known yet, and may be on its way: the two are told at the same time and travel apart. */
export type StockApplied =
  { outcome: 'applied' | 'superseded' | 'repeated' } | { problems: CaseProblem[]; early?: boolean };

/**
 * Applies a message of domain `stock`: a warehouse's webhook or our own API's feed. Repeating it is harmless.
 * @returns what became of it, or what is wrong with it, for a case.
 * @throws StockUnavailable where no writer answers: the message must be delivered again.
 */
export async function applyStockChange(arrival: StockArrival, env: StockArrivalEnv): Promise<StockApplied> {
  const read = readStockChange(arrival, env);
  if ('problems' in read) return read;
  const { change } = read;
  if (!env.estate.locations.some((location) => location.id === change.location))
    return { problems: [unknownLocation(change.location)] };
  if (env.master.product(change.sku) === undefined) return { problems: [unknownSku(arrival, change.sku)], early: true };
  const { outcome } = await env.stock.change(change, arrival.headers['syncline-origin']);
  return { outcome };
}

type Read = { change: StockChange } | { problems: CaseProblem[] };

function readStockChange({ headers, body }: StockArrival, env: StockArrivalEnv): Read {
  const system = headers['syncline-system'];
  if (headers['syncline-topic'] === 'channel.stock') return readFeed(headers, body, env);
  const location = env.estate.locations.find((candidate) => candidate.wms === system)?.id ?? '';
  const read = stockChangeOf(Buffer.from(body), {
    system,
    location,
    mapping: (kind, code) => env.master.mapping(kind, system, code)?.target,
  });
  return 'problems' in read ? read : { change: read.stockChange };
}

/** `PUT /v1/stock/:location/:sku`: place and SKU stand in the path. */
function readFeed(headers: IntakeHeaders, body: Uint8Array, env: StockArrivalEnv): Read {
  const system = headers['syncline-system'];
  const [, , location = '', code = ''] = resourceParts(headers['syncline-resource'] ?? '');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    return { problems: [problem('validation', 'malformed_json', '', `The message is not JSON: ${reason}`)] };
  }
  const sent = channelStock.safeParse(document);
  if (!sent.success) return { problems: sent.error.issues.map(schemaProblem) };
  const sku = env.master.mapping('sku', system, code)?.target ?? code;
  const change = stockChange.safeParse({
    ...sent.data,
    schema_version: 1,
    change_id: createHash('sha256').update(`${location}\n${code}\n${sent.data.version}`).digest('hex').slice(0, 40),
    source: system,
    sku,
    location,
  });
  return change.success ? { change: change.data } : { problems: change.error.issues.map(schemaProblem) };
}

function unknownSku({ headers }: StockArrival, sku: string): CaseProblem {
  return {
    ...problem(
      'reference',
      'unknown_sku',
      headers['syncline-topic'] === 'channel.stock' ? '' : '/sku',
      `The SKU "${sku}" is not in the item master. Add the product, or map the SKU to one that is.`,
    ),
    missing_mapping: { kind: 'sku', system: headers['syncline-system'], code: sku },
  };
}

const unknownLocation = (location: string): CaseProblem =>
  problem('reference', 'unknown_location', '', `The location "${location}" is not declared in this estate.`);

const schemaProblem = (issue: { code: string; path: PropertyKey[]; message: string }): CaseProblem =>
  problem('validation', `schema_${issue.code}`, jsonPointer(issue.path), issue.message);

function problem(
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem {
  return { error_class, error_code, path: path.slice(0, 500), document: 'received', message: message.slice(0, 2000) };
}
