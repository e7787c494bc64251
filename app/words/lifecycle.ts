import type { Lifecycle } from '#contracts/v1/order.ts';
import type { Tone } from './steps.ts';

const words: Record<Lifecycle, { word: string; tone: Tone; glyph: string }> = {
  pending_validation: { word: 'Being checked', tone: 'info', glyph: '◔' },
  allocated: { word: 'Allocated', tone: 'info', glyph: '◑' },
  released_to_warehouse: { word: 'With the warehouse', tone: 'info', glyph: '◕' },
  partially_shipped: { word: 'Partly shipped', tone: 'info', glyph: '◕' },
  shipped: { word: 'Shipped', tone: 'good', glyph: '●' },
  delivered: { word: 'Delivered', tone: 'good', glyph: '●' },
  returned: { word: 'Returned', tone: 'muted', glyph: '↶' },
  financially_settled: { word: 'Settled', tone: 'good', glyph: '✓' },
  cancelled: { word: 'Cancelled', tone: 'muted', glyph: '○' },
};

/** A lifecycle state as people read it, with a shape and a tone. */
export const lifecycleWords = (state: Lifecycle) => words[state];
