import { ALARM } from '../../../alarms.ts';
import { priceOf, type PriceView, type PriceWait } from '../price-data.ts';

/** Waits until the alarm of that name has rung, for no earlier time than is in force: a correction may have moved it. */
const waitFor = (
  alarm: string,
  time: (view: PriceView) => string | undefined,
  step: Pick<PriceWait, 'name' | 'waitsFor' | 'next'>,
): PriceWait => ({
  ...step,
  kind: 'wait',
  accepts: (view, inbox) =>
    inbox
      .filter(({ type, data, at }) => type === ALARM && data['name'] === alarm && at >= (time(view) ?? ''))
      .map(({ id }) => id),
  apply: (_view, signals) => ({
    status: 'completed',
    ...(signals[0] === undefined ? {} : { endedAt: signals[0].at }),
  }),
});

export const waitForStart = waitFor('start', (view) => priceOf(view).starts_at, {
  name: 'wait_for_start',
  waitsFor: 'The price waits for its first day.',
  next: () => 'publish_price',
});

export const waitForEnd = waitFor('end', (view) => priceOf(view).ends_at, {
  name: 'wait_for_end',
  waitsFor: 'The price is in force until its end.',
  next: () => 'choose_next_price',
});
