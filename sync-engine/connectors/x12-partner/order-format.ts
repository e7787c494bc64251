import { canonicaliseX12Order } from '../../edi/map/canonical-order.ts';
import { momentOf } from '../../edi/map/moments.ts';
import { readEnvelopes } from '../../edi/read/envelope.ts';
import type { Segment } from '../../edi/reading.ts';
import { profileReader } from '../x12/contract.ts';
import type { Glimpse, OrderFormat } from '../topics.ts';

/** Sets a partner who buys from us may send unless its profile says otherwise. */
export const receives = ['850'];
export const profileOf = profileReader(receives);

/** Purchase orders (850): one set a payload, in the partner's own bytes. */
export const purchaseOrders: OrderFormat = {
  glimpse: glimpsePurchaseOrder,
  canonicalise: (raw, context) => canonicaliseX12Order(raw, { ...context, partner: profileOf(context) }),
};

/** As the canonical order has them, from the same elements; whatever else is wrong with the document. */
function glimpsePurchaseOrder(bytes: Uint8Array): Glimpse {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const groups = readEnvelopes(text, undefined).interchanges.flatMap((interchange) => interchange.groups);
  const found = groups
    .flatMap((group) => group.sets.map((set) => ({ group, set })))
    .find(({ set }) => set.id === '850');
  const segments = found?.set.segments ?? [];
  const begin = segments.find(({ id }) => id === 'BEG');
  const number = element(begin, 3);
  const release = element(begin, 4);
  const currency = element(
    segments.find(({ id }) => id === 'CUR'),
    2,
  );
  const placedAt = found && momentOf(element(begin, 5), undefined, found.group, { time_zone: 'UTC' });
  return {
    ...(number === undefined ? {} : { number, externalId: release === undefined ? number : `${number}-${release}` }),
    ...(placedAt === undefined ? {} : { placedAt }),
    ...(currency !== undefined && /^[A-Z]{3}$/.test(currency) ? { currency } : {}),
  };
}

function element(segment: Segment | undefined, number: number): string | undefined {
  const text = segment?.elements[number - 1]?.trim();
  return text === '' ? undefined : text;
}

/** A purchase order by its purpose (BEG01): placed, cancelled, or said once more than it was. */
export function topicOfPurpose(purpose: string | undefined): string {
  if (purpose === '01') return 'x12/850-cancelled';
  return purpose === '05' || purpose === '06' || purpose === '07' ? 'x12/850-again' : 'x12/850';
}
