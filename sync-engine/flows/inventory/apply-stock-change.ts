import type { CaseProblem } from '#contracts/v1/case.ts';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { Arrival } from '../../arrivals/arrival.ts';
import { atLeastOne } from '../../connectors/reading.ts';
import type { MessageContext, Reading, TopicOf } from '../../connectors/topics.ts';
import type { StockClient } from '#sync-engine/stock/client.ts';

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
  { outcome: 'applied' | 'superseded' | 'repeated' } | { problems: [CaseProblem, ...CaseProblem[]]; early?: boolean };

/**
 * Applies a message of domain `stock`: a warehouse's webhook or our own API's feed. Repeating it is harmless.
 * @returns what became of it, or what is wrong with it, for a case.
 * @throws StockUnavailable where no writer answers: the message must be delivered again.
 */
export async function applyStockChange(
  arrival: Pick<Arrival, 'headers' | 'body'>,
  topic: TopicOf<'stock_change' | 'stock_changes'>,
  env: StockArrivalEnv,
): Promise<StockApplied> {
  const { headers, body } = arrival;
  const system = headers['syncline-system'];
  const read = changesOf(topic, body, {
    estate: env.estate,
    system,
    headers,
    mapping: (kind, code) => env.master.mapping(kind, system, code)?.target,
  });
  if ('problems' in read) return { problems: atLeastOne(read.problems) };
  // All of a message is looked at before any of it is applied: a person corrects it whole.
  for (const { location, sku } of read.message) {
    if (!env.estate.locations.some(({ id }) => id === location)) return { problems: [unknownLocation(location)] };
    if (env.master.product(sku) === undefined) return { problems: [unknownSku(arrival, sku)], early: true };
  }
  const outcomes: ('applied' | 'superseded' | 'repeated')[] = [];
  for (const change of read.message)
    outcomes.push((await env.stock.change(change, arrival.headers['syncline-origin'])).outcome);
  const [first = 'applied'] = outcomes;
  return { outcome: outcomes.every((outcome) => outcome === first) ? first : 'applied' };
}

function changesOf(
  topic: TopicOf<'stock_change' | 'stock_changes'>,
  body: Uint8Array,
  context: MessageContext,
): Reading<StockChange[]> {
  if (topic.means === 'stock_changes') return topic.read(body, context);
  const read = topic.read(body, context);
  return 'problems' in read ? read : { message: [read.message] };
}

function unknownSku({ headers }: Pick<Arrival, 'headers'>, sku: string): CaseProblem {
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

function problem(
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem {
  return { error_class, error_code, path: path.slice(0, 500), document: 'received', message: message.slice(0, 2000) };
}
