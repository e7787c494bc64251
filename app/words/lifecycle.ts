import type { Lifecycle } from '#contracts/v1/order.ts';
import type { Condition } from '#app/components/status-mark.tsx';

const words: Record<Lifecycle, { word: string; tone: Condition; glyph: string }> = {
  pending_validation: { word: 'Being checked', tone: 'info', glyph: '◔' },
  allocated: { word: 'Allocated', tone: 'info', glyph: '◑' },
  released_to_warehouse: { word: 'With the warehouse', tone: 'info', glyph: '◕' },
  partially_shipped: { word: 'Partly shipped', tone: 'info', glyph: '◕' },
  shipped: { word: 'Shipped', tone: 'good', glyph: '●' },
  delivered: { word: 'Delivered', tone: 'good', glyph: '●' },
  returned: { word: 'Returned', tone: 'none', glyph: '↶' },
  financially_settled: { word: 'Settled', tone: 'good', glyph: '✓' },
  cancelled: { word: 'Cancelled', tone: 'none', glyph: '○' },
};

/** A lifecycle state as people read it, with a shape and a tone. */
export const lifecycleWords = (state: Lifecycle) => words[state];

/** The same for an order that may be over without ever having been worked on, as test orders are by policy. */
export const orderStateWords = (state: Lifecycle, open: boolean): { word: string; tone: Condition } =>
  state === 'pending_validation' && !open ? { word: 'Not processed', tone: 'none' } : words[state];
