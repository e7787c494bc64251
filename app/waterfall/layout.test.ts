import { describe, expect, it } from 'vitest';
import type { TraceEvent } from './bars.ts';
import { layoutWaterfall, type BarRow, type Waterfall } from './layout.ts';

const base = Date.parse('2026-03-01T09:00:00.000Z');
const at = (ms: number) => new Date(base + ms).toISOString();
let ordinal = 0;

function event(
  step: string,
  status: TraceEvent['status'],
  from: number,
  to: number | undefined,
  more: Partial<TraceEvent> = {},
): TraceEvent {
  ordinal += 1;
  return {
    event_id: `shop==1:${ordinal}`,
    ordinal,
    span_id: `span-${step}-${more.attempt ?? 1}`,
    parent_span_id: '',
    step,
    status,
    attempt: 1,
    started_at: at(from),
    ended_at: to === undefined ? '' : at(to),
    system: '',
    error_class: '',
    error_code: '',
    error_path: '',
    error_message: '',
    case_id: '',
    payload_version: 1,
    attributes: {},
    ...more,
  };
}

const layout = (events: TraceEvent[], now = 10_000, squeeze = false): Waterfall =>
  layoutWaterfall(events, {
    now: base + now,
    squeeze,
    nameOf: (id) => ({ netsuite: 'NetSuite', '': 'Syncline' })[id] ?? id,
  });
const bars = (picture: Waterfall) => picture.rows.filter((row): row is BarRow => row.kind === 'bar');

describe('the waterfall of a transaction', () => {
  it('puts systems into lanes in flow order, whatever order the events came in', () => {
    const picture = layout([
      event('wms_release', 'completed', 300, 400, { system: 'wms-east' }),
      event('erp_create_sales_order', 'completed', 100, 200, { system: 'netsuite' }),
      event('intake_received', 'completed', 0, 10, { system: 'shopify-us' }),
      event('channel_fulfilment', 'completed', 500, 600, { system: 'shopify-us' }),
    ]);
    expect(picture.rows.filter((row) => row.kind === 'lane').map((row) => row.system)).toEqual([
      'shopify-us',
      'netsuite',
      'wms-east',
    ]);
    expect(bars(picture).map((bar) => bar.label)).toEqual([
      'Order received',
      'Channel told: shipped',
      'Sales order created',
      'Released to warehouse',
    ]);
  });

  it('gives offsets and durations in percent of the whole', () => {
    const picture = layout([
      event('canonicalise', 'completed', 0, 100),
      event('erp_create_sales_order', 'completed', 500, 1000, { system: 'netsuite' }),
    ]);
    const [first, second] = bars(picture);
    expect([first?.offset, first?.width]).toEqual([0, 10]);
    expect([second?.offset, second?.width]).toEqual([50, 50]);
    expect(picture.idle).toBeCloseTo(0.4);
  });

  it('joins the event that began an attempt with the one that ended it', () => {
    const call = { system: 'netsuite', span_id: 'aaaa' };
    const picture = layout([
      event('erp_create_sales_order', 'started', 0, undefined, { ...call, attributes: { a: '1' } }),
      event('erp_create_sales_order', 'completed', 0, 250, { ...call, attributes: { payload_seq: '7' } }),
    ]);
    expect(bars(picture)).toHaveLength(1);
    expect(bars(picture)[0]?.duration).toBe(250);
    expect(bars(picture)[0]?.attempt.event.attributes).toEqual({ a: '1', payload_seq: '7' });
  });

  it('stacks the attempts of a step and names the wait between them', () => {
    const picture = layout([
      event('erp_create_sales_order', 'retrying', 0, 100, {
        system: 'netsuite',
        error_message: '429 Too Many Requests',
      }),
      event('validate', 'completed', 150, 160, { system: 'netsuite' }),
      event('erp_create_sales_order', 'completed', 1100, 1200, { system: 'netsuite', attempt: 2 }),
    ]);
    const [first, second] = bars(picture);
    expect([first?.status.word, first?.message]).toEqual(['failed, tried again', '429 Too Many Requests']);
    expect([second?.which, second?.attempt.event.step]).toEqual(['attempt 2', 'erp_create_sales_order']);
    const retried = layout([
      event('erp_create_sales_order', 'retrying', 0, 100, { system: 'netsuite' }),
      event('erp_create_sales_order', 'completed', 1100, 1200, { system: 'netsuite', attempt: 2 }),
    ]);
    expect(bars(retried)[1]?.wait?.label).toBe('waited to try NetSuite again');
    expect(bars(retried)[1]?.wait?.duration).toBe(1000);
  });

  it('draws a running step up to now, without an end', () => {
    const [bar] = bars(layout([event('wms_release', 'started', 0, undefined)], 4000));
    expect([bar?.running, bar?.duration, bar?.status.word]).toEqual([true, 4000, 'running']);
  });

  it('calls a step interrupted when another attempt of it began before it ended', () => {
    const [lost, next] = bars(
      layout([
        event('erp_create_sales_order', 'started', 0, undefined, { span_id: 'a' }),
        event('erp_create_sales_order', 'started', 700, undefined, { span_id: 'b', attempt: 2 }),
        event('erp_create_sales_order', 'completed', 700, 900, { span_id: 'b', attempt: 2 }),
      ]),
    );
    expect([lost?.status.word, lost?.duration, lost?.running]).toEqual(['interrupted, taken over', 700, false]);
    expect(next?.status.word).toBe('done');
  });

  it('ends a call that was refused where a repair rule answered the refusal', () => {
    const refused = { failed_step: 'erp_create_sales_order', failed_message: 'No such tax.', payload_seq: '7' };
    const [call, rule, again] = bars(
      layout([
        event('erp_create_sales_order', 'started', 0, undefined, { span_id: 'a' }),
        event('repair_rule_applied', 'completed', 400, 400, { attributes: refused }),
        event('erp_create_sales_order', 'completed', 700, 900, { span_id: 'b' }),
      ]),
    ).sort((a, b) => a.attempt.start - b.attempt.start);
    expect([call?.status.word, call?.duration, call?.message]).toEqual(['failed', 400, 'No such tax.']);
    expect(call?.attempt.event.attributes['payload_seq']).toBe('7');
    expect([rule?.label, rule?.status.word]).toEqual(['Cured by a repair rule', 'done']);
    expect(again?.status.word).toBe('done');
  });

  it('marks what ran after a replay, and the wait for a person before it', () => {
    const picture = layout([
      event('validate', 'quarantined', 0, 10, { error_message: 'Tax code TX-9 is not mapped.', case_id: 'c1' }),
      event('validate', 'replayed', 5000, 5000, { payload_version: 2 }),
      event('validate', 'completed', 5001, 5010, { span_id: 'again' }),
    ]);
    const [failed, replay, again] = bars(picture);
    expect(failed?.status.word).toBe('quarantined');
    expect([replay?.status.word, replay?.wait?.label]).toEqual(['replayed', 'in quarantine, waited for a person']);
    expect(again?.which).toBe('replay 1');
  });

  it('shows a compensation beside the step it undid', () => {
    const picture = layout([
      event('reserve_stock', 'completed', 0, 10),
      event('erp_create_sales_order', 'completed', 20, 30, { system: 'netsuite' }),
      event('reserve_stock', 'compensated', 100, 120, { attributes: { compensates: 'reserve_stock' } }),
    ]);
    expect(bars(picture).map((bar) => [bar.attempt.event.step, bar.status.word])).toEqual([
      ['reserve_stock', 'done'],
      ['reserve_stock', 'undone'],
      ['erp_create_sales_order', 'done'],
    ]);
  });

  it('gives orphans a placeholder parent, but not the first step, whose parent is the outside caller', () => {
    const picture = layout([
      event('intake_received', 'completed', 0, 10, { parent_span_id: 'caller' }),
      event('validate', 'completed', 20, 30, { parent_span_id: 'span-intake_received-1' }),
      event('wms_release', 'completed', 40, 60, { parent_span_id: 'lost0000' }),
    ]);
    const missing = picture.rows.filter((row) => row.kind === 'placeholder');
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({ label: 'Not recorded (span lost0000)', children: 1 });
  });

  it('draws days of waiting shorter when asked, and keeps the order of things', () => {
    const day = 86_400_000;
    const events = [event('validate', 'completed', 0, 1000), event('shipment_confirmed', 'completed', day, day + 1000)];
    const squeezed = layout(events, day * 2, true);
    const gap = squeezed.scale.segments.find((part) => part.squeezed);
    expect(gap && gap.to - gap.from).toBeCloseTo(100 / 11, 1);
    expect(bars(squeezed)[1]?.wait).toMatchObject({ duration: day - 1000, label: 'waited for the warehouse to ship' });
    const [first, second] = bars(squeezed);
    expect((first?.offset ?? 0) + (first?.width ?? 0)).toBeLessThan(second?.offset ?? 0);
  });

  it('has nothing to show of no events', () => {
    expect(layout([]).rows).toEqual([]);
  });
});

describe('a waterfall of ten thousand steps', () => {
  const steps = ['validate', 'wms_release', 'erp_create_sales_order', 'capture_payment'] as const;
  const many = Array.from({ length: 10_000 }, (_, i) => {
    const from = i * 20 + Math.floor(i / 100) * 60_000;
    return event(steps[i % 4] ?? 'validate', i % 7 === 0 ? 'retrying' : 'completed', from, from + 15, {
      system: ['', 'wms-east', 'netsuite', 'stripe'][i % 4] ?? '',
      span_id: `span-${i}`,
    });
  });
  const picture = layout(many, 10_000_000);

  it('has a row for each, in its system’s lane, within the track', () => {
    expect(bars(picture)).toHaveLength(10_000);
    expect(picture.rows.filter(({ kind }) => kind === 'lane')).toHaveLength(4);
    expect(bars(picture).every(({ offset, width }) => offset >= 0 && offset + width <= 100.000_1)).toBe(true);
  });

  it('marks what decided when it ended, and names what it waited for longest', () => {
    expect(bars(picture).every(({ critical }) => critical)).toBe(true);
    expect(picture.waits.length).toBeGreaterThan(1);
    expect(picture.waits.map(({ duration }) => duration)).toEqual(
      picture.waits.map(({ duration }) => duration).sort((a, b) => b - a),
    );
  });
});
