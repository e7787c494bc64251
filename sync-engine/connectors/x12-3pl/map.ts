import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import { segmentOf, value } from '../../edi/map/loops.ts';
import { countsOfInventory } from '../../edi/map/inventory.ts';
import { changesOfReceipt } from '../../edi/map/receipt.ts';
import { shipmentsOfAdvice } from '../../edi/map/shipping-advice.ts';
import { readSingleSet } from '../../edi/map/single-set.ts';
import type { MessageContext, Reading, ShipmentsContext } from '../topics.ts';
import { profileReader } from '../x12/contract.ts';
import { problem, troubleTopics } from '../x12/troubles.ts';

/** Sets a warehouse may send unless its profile says otherwise. */
export const receives = ['846', '856', '944', '945'];
const profileOf = profileReader(receives);

/** A shipping advice (945) of one set. */
export async function readAdvice(body: Uint8Array, context: ShipmentsContext): Promise<Reading<Shipment[]>> {
  const partner = profileOf(context);
  const read = readSingleSet(body, '945', partner);
  if ('problems' in read) return read;
  const number = value(segmentOf(read.received.set.content, 'W06'), 2) ?? '';
  const order = await context.released(number);
  return shipmentsOfAdvice(read.received, {
    partner,
    system: context.system,
    mapping: context.mapping,
    released: (wanted) => (wanted === number ? order : undefined),
  });
}

/** A stock transfer receipt (944): what was received. */
export const readReceipt = stockReader('944', changesOfReceipt);

/** An inventory advice (846): what was counted. */
export const readCounts = stockReader('846', countsOfInventory);

function stockReader(id: string, changes: typeof changesOfReceipt) {
  return (body: Uint8Array, context: MessageContext): Reading<StockChange[]> => {
    const partner = profileOf(context);
    const read = readSingleSet(body, id, partner);
    if ('problems' in read) return read;
    return changes(read.received, { partner, system: context.system, mapping: context.mapping });
  };
}

/** Documents whose meaning nothing takes yet are shown, never dropped. */
export async function readUntaken(): Promise<Reading<Shipment[]>> {
  const message =
    'The document is right, but this connector takes nothing from it yet. Enter by hand what it says, then discard it.';
  return { problems: [problem('validation', 'document_not_taken', '', message)] };
}

/** What goes wrong with a warehouse. */
export const warehouseTroubles = troubleTopics({
  profileOf,
  name: 'The warehouse',
  instead: 'release by hand',
  corrected: readAdvice,
});
