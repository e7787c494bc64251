import { ALARM } from '../../../alarms.ts';
import type { PriceWait } from '../price-data.ts';

/** Waits until the alarm of that name has rung. */
const waitFor = (alarm: string, step: Pick<PriceWait, 'name' | 'waitsFor' | 'next'>): PriceWait => ({
  ...step,
  kind: 'wait',
  accepts: (_view, inbox) =>
    inbox.filter(({ type, data }) => type === ALARM && data['name'] === alarm).map(({ id }) => id),
  apply: (_view, signals) => ({
    status: 'completed',
    ...(signals[0] === undefined ? {} : { endedAt: signals[0].at }),
  }),
});

export const waitForStart = waitFor('start', {
  name: 'wait_for_start',
  waitsFor: 'The price waits for its first day.',
  next: () => 'publish_price',
});

export const waitForEnd = waitFor('end', {
  name: 'wait_for_end',
  waitsFor: 'The price is in force until its end.',
  next: () => 'choose_next_price',
});
