import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Random } from './random.ts';
import { beginTransaction, type Told, type Transaction } from './transaction.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const errors = [
  { error_class: 'timeout', error_code: 'NO_ANSWER', error_path: '', error_message: 'It did not answer within 30 s.' },
  { error_class: 'unavailable', error_code: '503', error_path: '', error_message: 'It is away.' },
  {
    error_class: 'mapping',
    error_code: 'tax_code_unmapped',
    error_path: '/tax_lines/0/title',
    error_message: 'Not mapped.',
  },
] as const;

export interface OrderWorld {
  random: Random;
  estate: Estate;
  /** Placed in [from, until). */
  from: number;
  until: number;
}

export interface OrderTold {
  events: StepEvent[];
  cases: CaseEvent[];
}

/** The life of one order as far as it has come: retries, refusals, replays, cancellations, returns and all. */
export function tellOrder(n: number, { random, estate, from, until }: OrderWorld): OrderTold {
  const channel = random.pick(estate.channels.filter(({ id }) => id !== 'stores'));
  const placed = from + Math.floor(random.next() * (until - from));
  const tier = random.pick(['express', 'standard', 'standard', 'economy', '']);
  const sla = estate.sla[tier === '' ? 'standard' : (tier as 'express')];
  const due = (seconds: number): string => new Date(placed + seconds * second).toISOString();
  const key = transactionKey(channel.system, String(700_000 + n));
  const erp = estate.legal_entities.find(({ id }) => id === channel.legal_entity)?.erp ?? '';
  const order = beginTransaction(
    {
      flow: 'order_to_cash',
      key,
      business_key: `#T${n}`,
      occurred_at: new Date(placed).toISOString(),
      channel: channel.id,
      region: channel.region,
      legal_entity: channel.legal_entity,
      brand: channel.brand,
      amount: `${random.between(5, 900)}.${String(random.between(0, 99)).padStart(2, '0')}`,
      currency: channel.currency,
      origin: random.chance(0.03) ? 'backfill' : 'live',
    },
    until,
  );
  const cases: CaseEvent[] = [];
  const told = (): OrderTold => ({ events: order.events, cases: cases.filter(({ at }) => Date.parse(at) < until) });
  const labels = tier === '' ? {} : { tier };
  let at = placed + random.between(200, random.chance(0.05) ? 20 * minute : 3 * second);
  let deadline = due(sla.acknowledge_s);
  const tell = (step: string, more: Partial<Told> = {}) => order.tell(step, { deadline, at, ...more });
  const pass = (least: number, most: number) => (at += random.between(least, most));

  /** A step that an outside system does: begun, tried again, refused for good or found done. @returns whether it went on */
  const call = (step: string, system: string, attributes: Record<string, string> = {}): boolean => {
    const more = { system, direction: 'outbound', attributes } as const;
    for (let attempt = 1; ; attempt++) {
      tell(step, { ...more, running: true, attempt });
      const took = random.between(40, 4_000);
      at += took;
      if (!random.chance(0.08)) {
        const found = attempt > 1 && attributes['posting_key'] !== undefined && random.chance(0.4);
        tell(step, { ...more, took, attempt, attributes: { ...attributes, ...(found ? { looked_up: 'true' } : {}) } });
        return true;
      }
      const error = random.pick(errors);
      if (error.error_class === 'mapping') return stopped(step, { ...more, took, attempt, ...error });
      const retryAt = new Date(at + 30_000).toISOString();
      tell(step, {
        ...more,
        took,
        attempt,
        status: 'retrying',
        ...error,
        attributes: { ...attributes, retry_at: retryAt },
      });
      if (attempt === 4) {
        tell(step, { ...more, attempt, status: 'failed', ...error });
        return false;
      }
      pass(20 * second, 20 * minute);
    }
  };

  /** A case stops it; somebody mends it, sooner or later, or has not yet. @returns whether it went on */
  const stopped = (step: string, more: Partial<Told>): boolean => {
    const id = `case-${n}-${order.events.length}`;
    tell(step, { ...more, status: 'quarantined', case_id: id });
    const story = openCase(order, { id, step, more, at, erp, deadline });
    cases.push(story('opened', 'open', at));
    if (random.chance(0.3)) return false;
    pass(5 * minute, 30 * hour);
    cases.push(story('resolved', 'resolved', at));
    tell(step, { ...more, status: 'replayed', payload_version: 2, ...noError });
    pass(second, 3 * second);
    tell(step, { ...more, took: 700, attempt: 2, payload_version: 2, ...noError });
    return true;
  };

  tell('intake_received', {
    system: channel.system,
    direction: 'inbound',
    took: 150,
    attributes: { ref_external_id: String(700_000 + n), ref_order_number: `#T${n}` },
  });
  pass(2, 900);
  if (random.chance(0.01)) {
    tell('validate', { status: 'skipped', attributes: labels, deadline: '' });
    if (random.chance(0.5)) tell('channel_update_received', { status: 'skipped', at: at + 2 * hour, deadline: '' });
    return told();
  }
  if (random.chance(0.02)) {
    if (!stopped('validate', { ...errors[2], attributes: labels })) return told();
  } else tell('validate', { attributes: { ...labels, ref_sku: `SKU-${random.between(1, 300)}` }, took: 3 });
  pass(5, 200);
  tell('reserve_stock', { took: 6 });
  if (!call('acknowledge_channel', channel.system)) return told();
  deadline = due(sla.erp_s);
  pass(20, random.chance(0.1) ? 25 * minute : 20 * second);
  if (!call('erp_create_sales_order', erp, { document: 'sales_order', posting_key: `so-${key}` })) return told();
  deadline = due(sla.release_s);
  pass(20, random.chance(0.1) ? 3 * hour : 40 * second);
  if (!call('wms_release', 'wms-east')) return told();
  deadline = due(sla.ship_s);
  if (random.chance(0.03)) {
    pass(minute, 5 * hour);
    tell('erp_create_sales_order', {
      status: 'compensated',
      system: erp,
      attributes: { document: 'sales_order', posting_key: `so-${key}` },
    });
    tell('cancelled', { at: at + 5, deadline: '' });
    return told();
  }
  const parcels = random.between(1, 2);
  for (let parcel = 1; parcel <= parcels; parcel++) {
    pass(2 * hour, 30 * hour);
    const shippedAt = new Date(at).toISOString();
    const remaining = String(parcels - parcel);
    tell('shipment_confirmed', {
      system: 'wms-east',
      direction: 'inbound',
      attributes: { remaining_units: remaining },
    });
    const number = parcel === 1 ? '' : `-${parcel}`;
    if (!call('capture_payment', channel.payment, { document: 'payment', posting_key: `pay-${key}${number}` }))
      return told();
    if (!call('channel_fulfilment', channel.system, { shipped_at: shippedAt })) return told();
  }
  deadline = '';
  pass(12 * hour, 80 * hour);
  tell('delivered', { system: 'easypost', direction: 'inbound' });
  pass(second, 10 * second);
  if (!call('erp_post_invoice', erp, { document: 'invoice', posting_key: `inv-${key}` })) return told();
  tell('settle', { at: at + 4 });
  if (random.chance(0.05)) tell('returned', { at: at + random.between(hour, 40 * hour) });
  return told();
}

const noError = { error_class: '', error_code: '', error_path: '', error_message: '' } as const;

function openCase(
  order: Transaction,
  opened: { id: string; step: string; more: Partial<Told>; at: number; erp: string; deadline: string },
) {
  const first = order.events[0];
  let revision = 0;
  return (type: 'opened' | 'resolved', status: CaseState['status'], at: number): CaseEvent => {
    revision += 1;
    const time = new Date(at).toISOString();
    return {
      v: 1,
      event_id: `${opened.id}:${revision}`,
      type,
      at: time,
      actor: 'engine',
      note: '',
      detail: {},
      writer: 'truth',
      state: {
        v: 1,
        case_id: opened.id,
        status,
        revision,
        flow: 'order_to_cash',
        key: first?.key ?? '',
        trace_id: first?.trace_id ?? '',
        business_key: first?.business_key ?? '',
        step: opened.step,
        system: opened.more.system ?? '',
        channel: first?.channel ?? '',
        legal_entity: first?.legal_entity ?? '',
        fingerprint: `cause-of-${opened.step}`,
        problems: [
          {
            error_class: 'mapping',
            error_code: 'tax_code_unmapped',
            path: '/tax_lines/0/title',
            document: 'received',
            message: 'Not mapped.',
          },
        ],
        amount: first?.amount ?? '',
        currency: first?.currency ?? '',
        deadline: opened.deadline,
        origin: first?.origin ?? 'live',
        assignee: '',
        payload_version: revision,
        failed_ordinal: order.events.length,
        times_failed: 1,
        opened_at: new Date(opened.at).toISOString(),
        updated_at: time,
        closed_at: status === 'resolved' ? time : '',
        outcome: '',
      },
    };
  };
}
