import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { commandRequests } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { OPENING_SOURCE, type OpeningItem, type OpeningOutcome } from '#contracts/v1/opening-stock.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { MasterData } from '../master/master-data.ts';
import { Refusal } from '../refusal.ts';
import type { StockClient } from '../stock/client.ts';
import { authorise, replying } from './replies.ts';

export interface StockCommandsOptions {
  stock: Pick<StockClient, 'open'>;
  master: Pick<MasterData, 'product'>;
  estate: Pick<Estate, 'locations'>;
  now: () => Date;
}

/** What lay on the shelves before Syncline kept the stock, as counts that are made once. */
export function stockCommands(options: StockCommandsOptions): Pick<CommandHandlers, 'stock.open'> {
  return { 'stock.open': (request) => replying(() => open(options, request)) };
}

type Request = z.output<(typeof commandRequests)['stock.open']>;

async function open(options: StockCommandsOptions, { actor, counted_at, over, dry_run, items }: Request) {
  authorise(actor, 'stock.open');
  if (counted_at > options.now().toISOString())
    throw new Refusal('invalid', 'Stock cannot have been counted later than now: check counted_at.', {
      fields: [{ path: '/counted_at', message: 'in the future' }],
    });
  const opening: OpeningOutcome[] = [];
  await inParallel(items.entries(), 32, async ([i, item]) => {
    opening[i] = unknown(options, item) ?? (await options.stock.open(countOf(item, counted_at), { over, dry_run }));
  });
  const opened = opening.filter((outcome) => outcome === 'opened').length;
  return { ok: true as const, opening, message: `${opened} of ${items.length} items are opened.` };
}

function unknown({ estate, master }: StockCommandsOptions, item: OpeningItem): OpeningOutcome | undefined {
  if (!estate.locations.some(({ id }) => id === item.location)) return 'unknown_location';
  return master.product(item.sku) === undefined ? 'unknown_sku' : undefined;
}

/** The same count of the same item has the same id, whichever file brings it. */
function countOf({ sku, location, on_hand }: OpeningItem, countedAt: string): StockChange {
  const id = createHash('sha256')
    .update(JSON.stringify([sku, location, on_hand, countedAt]))
    .digest('hex');
  return {
    schema_version: 1,
    change_id: `opening-${id.slice(0, 32)}`,
    source: OPENING_SOURCE,
    sku,
    location,
    reason: 'count',
    quantity: on_hand,
    version: Date.parse(countedAt),
    occurred_at: countedAt,
  };
}
