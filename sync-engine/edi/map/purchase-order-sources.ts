import type { Loop, Segment } from '../reading.ts';
import { headsAndSegments, loopsOf, segmentOf } from './loops.ts';
import { partyOf } from './parties.ts';

interface Source {
  segment: Segment;
  element?: number | undefined;
}

const lineElements: Readonly<Record<string, number>> = { line_id: 1, quantity: 2, unit_price: 4, sku: 7 };
const townElements: Readonly<Record<string, number>> = { city: 1, region_code: 2, postal_code: 3, country_code: 4 };
const streetElements: Readonly<Record<string, number>> = { line1: 1, line2: 2 };
const beginElements: Readonly<Record<string, number>> = { external_id: 3, number: 3, placed_at: 5, updated_at: 5 };

/** Where in a purchase order (850) a field of the canonical order came from. */
export function sourceOf(path: readonly PropertyKey[], content: Loop, begin: Segment): Source {
  const [field, second, third] = path.map(String);
  switch (field) {
    case 'lines': {
      const line = loopsOf(content, 'PO1')[Number(second)];
      return { segment: line?.head ?? begin, element: lineElements[third ?? ''] };
    }
    case 'shipping_address':
      return addressSource(partyOf(content, ['ST', 'BY']), second ?? '', begin);
    case 'billing_address':
      return addressSource(partyOf(content, ['BT']), second ?? '', begin);
    case 'customer':
      return { segment: partyOf(content, ['BY', 'ST'])?.head ?? begin };
    case 'currency':
      return { segment: segmentOf(content, 'CUR') ?? begin, element: 2 };
    case 'shipping':
      return { segment: headsAndSegments(content, 'SAC')[Number(second)] ?? begin };
    case 'totals': {
      const stated = [...headsAndSegments(content, 'AMT'), ...headsAndSegments(content, 'CTT')][0];
      return { segment: stated ?? begin };
    }
    default:
      return { segment: begin, element: beginElements[field ?? ''] };
  }
}

function addressSource(party: Loop | undefined, field: string, begin: Segment): Source {
  if (party === undefined) return { segment: begin };
  const town = segmentOf(party, 'N4');
  const street = segmentOf(party, 'N3');
  if (field in townElements && town !== undefined) return { segment: town, element: townElements[field] };
  if (field in streetElements && street !== undefined) return { segment: street, element: streetElements[field] };
  return { segment: party.head, element: field === 'name' ? 2 : undefined };
}
