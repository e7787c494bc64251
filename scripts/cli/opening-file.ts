import type { NatsConnection } from '@nats-io/nats-core';
import type { CommandRequest } from '#contracts/v1/commands.ts';
import { MOST_OPENED, openingItem, type OpeningItem, type OpeningOutcome } from '#contracts/v1/opening-stock.ts';
import { readRows } from '#ingest/import/rows.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { CliError } from './cli-error.ts';
import { accepted } from './engine.ts';

/** One item of a file, and the line it stands in. */
export interface OpeningRow {
  line: number;
  item: OpeningItem;
}

interface Refused {
  line: number;
  reason: string;
}

/** What came of a file. */
export interface Opening {
  opened: number;
  known: number;
  refused: Refused[];
}

/** Reads a file as a whole; a row that is none is named by its line. @throws BrokenFile */
export async function readOpening(
  path: string,
  delimiter: string,
): Promise<{ rows: OpeningRow[]; refused: Refused[] }> {
  const rows: OpeningRow[] = [];
  const refused: Refused[] = [];
  const lines = new Map<string, number>();
  const mapping = { format: 'csv', csv: { delimiter, quote: '"', encoding: 'utf8' } } as const;
  for await (const { line, content } of readRows({ path, mapping })) {
    const read = 'problem' in content ? content.problem : itemOf(content.values);
    if (typeof read === 'string') {
      refused.push({ line, reason: read });
      continue;
    }
    const key = `${read.sku}@${read.location}`;
    const before = lines.get(key);
    if (before === undefined) rows.push({ line, item: read });
    else refused.push({ line, reason: `${key} stands in line ${before} already` });
    lines.set(key, before ?? line);
  }
  return { rows, refused };
}

/** @returns the item, or what is wrong with it. */
function itemOf({ sku, location, on_hand }: Record<string, unknown>): OpeningItem | string {
  const text = typeof on_hand === 'string' ? on_hand.trim() : '';
  if (!/^\d{1,8}$/.test(text)) return `on_hand: expected a whole number of units, not "${text}"`;
  const parsed = openingItem.safeParse({ sku, location, on_hand: Number(text) });
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

const reasons: Record<Exclude<OpeningOutcome, 'opened' | 'known'>, string> = {
  moved: 'its stock has moved already; --over overwrites what is known by the count',
  newer: 'a later opening count is there',
  unknown_sku: 'the item master does not know this SKU',
  unknown_location: 'the estate has no such location',
};

/** Asks the engine for every row, in batches; who asks again for a file finds what is there already. @throws CliError */
export async function openInBatches(
  nats: NatsConnection,
  rows: readonly OpeningRow[],
  asked: Omit<CommandRequest<'stock.open'>, 'items'>,
): Promise<Opening> {
  const result: Opening = { opened: 0, known: 0, refused: [] };
  for (let from = 0; from < rows.length; from += MOST_OPENED) {
    const batch = rows.slice(from, from + MOST_OPENED);
    const request = { ...asked, items: batch.map(({ item }) => item) };
    const { opening = [] } = accepted(await requestCommand(nats, 'stock.open', request, 60_000));
    batch.forEach(({ line, item }, i) => {
      const outcome = opening[i];
      if (outcome === undefined) throw new CliError(`line ${line}: the engine did not say what came of it.`);
      if (outcome === 'opened') result.opened++;
      else if (outcome === 'known') result.known++;
      else result.refused.push({ line, reason: `${item.sku}@${item.location}: ${reasons[outcome]}` });
    });
  }
  return result;
}
