import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { stepEvent } from './step-events.ts';

/** Mulberry32: the same seed gives the same numbers, from 0 up to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const lines: Partial<Record<Flow, readonly (readonly [step: string, system: string])[]>> = {
  order_to_cash: [
    ['intake_received', 'shop'],
    ['validate', 'syncline'],
    ['reserve_stock', 'syncline'],
    ['acknowledge_channel', 'shop'],
    ['erp_create_sales_order', 'erp'],
    ['wms_release', 'wms'],
    ['shipment_confirmed', 'wms'],
    ['delivered', 'wms'],
    ['settle', 'syncline'],
  ],
  return_to_refund: [
    ['authorise', 'syncline'],
    ['received', 'wms'],
    ['refund_payment', 'shop'],
    ['erp_post_credit', 'erp'],
    ['close', 'syncline'],
  ],
  inventory_sync: [['publish_availability', 'shop']],
};

/**
 * Transactions of several flows that happened within [from, from + hours), with retries, cases, replays, final failures and
 * optional steps. What is sold as SKU-13 often stops at the ERP, and what comes from the tills is slow.
 */
export function randomTransactions(options: {
  seed: number;
  from: number;
  hours: number;
  count: Partial<Record<Flow, number>>;
}): StepEvent[] {
  const random = seeded(options.seed);
  const oneOf = <const T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const events: StepEvent[] = [];
  let number = 0;
  for (const flow of Object.keys(lines) as Flow[])
    for (let index = 0; index < (options.count[flow] ?? 0); index++) tell(flow, ++number);
  return events;

  function tell(flow: Flow, number: number): void {
    const key = `shop==${flow}-${number}`;
    const happened = options.from + Math.floor(random() * options.hours * 3_600_000);
    const channel = oneOf(['web', 'tills', "L'Étage", '']);
    const dimensions = {
      channel,
      region: oneOf(['us', 'eu']),
      legal_entity: oneOf(['us', 'de']),
      brand: oneOf(['north', 'south']),
      location: oneOf(['dc', 'store-1', '']),
      sku: oneOf(['SKU-1', 'SKU-2', 'SKU-13', '']),
      origin: oneOf<StepEvent['origin']>(['live', 'live', 'backfill']),
    };
    const tier = oneOf(['express', 'standard', '']);
    const deadline = random() < 0.5 ? '' : new Date(happened + 7_200_000).toISOString();
    // Now and then it is known only from the second step on when it happened: before, it was when it came.
    const cameLater = random() < 0.2 ? Math.floor(random() * 600_000) : 0;
    const pace = channel === 'tills' ? 400_000 : 60_000;
    let ordinal = 0;
    let clock = happened + cameLater;
    const add = (step: string, system: string, given: Partial<StepEvent>, ends = true) => {
      const began = clock;
      clock += Math.floor(random() * pace);
      ordinal += 1;
      events.push(
        stepEvent(number, ordinal, {
          ...dimensions,
          flow,
          key,
          step,
          system,
          deadline,
          business_key: `${flow.slice(0, 2).toUpperCase()}-${number}`,
          amount: `${Math.floor(random() * 500)}.50`,
          started_at: new Date(began).toISOString(),
          ended_at: ends ? new Date(clock).toISOString() : '',
          occurred_at: new Date(happened + (ordinal === 1 ? cameLater : 0)).toISOString(),
          ...given,
          attributes: { tier, ...given.attributes },
        }),
      );
    };
    const trouble = {
      error_class: oneOf(['mapping', 'timeout', 'rejected']),
      error_code: oneOf(['TX-9', 'NO_ANSWER']),
      error_message: 'It went wrong.',
    } as const;
    for (const [step, system] of lines[flow] ?? []) {
      if (random() < 0.06) return;
      if (random() < 0.1) add(step, system, { status: 'started' }, false);
      if (random() < 0.1) add(step, system, { status: 'retrying', ...trouble });
      const unlucky = dimensions.sku === 'SKU-13' && system === 'erp' ? 0.5 : 0.02;
      if (random() < unlucky) {
        const stopped = random() < 0.7 ? ('quarantined' as const) : ('failed' as const);
        add(step, system, { status: stopped, case_id: stopped === 'failed' ? '' : `case-${number}`, ...trouble });
        if (random() < 0.5) return;
        add(step, system, { status: 'replayed', attempt: 2 });
      }
      if (random() < 0.05) add(step, system, { status: 'skipped' });
      else if (step === 'shipment_confirmed' && random() < 0.3) {
        add(step, system, { attributes: { remaining_units: '1' } });
        add(step, system, { attributes: { remaining_units: '0' } });
      } else add(step, system, { attempt: random() < 0.1 ? 2 : 1, attributes: { remaining_units: '0' } });
    }
  }
}
