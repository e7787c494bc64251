import type { Estate } from '#contracts/v1/estate.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';

/** One transaction as its events alone tell it; figures are counted a second time from these. Times are milliseconds. */
export interface Recounted {
  flow: Flow;
  key: string;
  happened: number;
  /** What the address calls its facets. */
  facets: Record<string, string>;
  states: ReadonlySet<string>;
  /** Latencies by name; absent where not, or not yet, known. */
  latencies: Partial<Record<string, number>>;
  open: boolean;
  /** First completion of each step, and the time since what was completed before it. */
  completed: ReadonlyMap<string, { at: number; since: number }>;
}

const ms = (text: string) => Date.parse(text);
const atOf = (event: StepEvent) => ms(event.ended_at === '' ? event.started_at : event.ended_at);

function isOpen(flow: Flow, last: StepEvent, done: (step: string) => boolean): boolean {
  if (flow === 'order_to_cash') return !(done('settle') || (last.step === 'validate' && last.status === 'skipped'));
  if (flow === 'return_to_refund')
    return !(
      (last.step === 'close' && last.status === 'completed') ||
      (last.status === 'skipped' && last.case_id !== '')
    );
  if (flow === 'store_settlement')
    return !(
      ['close_day', 'apply_store_batch'].includes(last.step) &&
      ['completed', 'skipped', 'superseded'].includes(last.status)
    );
  // What is due of it is still to come.
  return last.deadline !== '' || !['completed', 'skipped', 'superseded', 'compensated'].includes(last.status);
}

/** Milliseconds the next step of an order may take; other flows have no targets of their steps, only deadlines. */
function nextTarget(last: StepEvent, happened: number, tier: string, sla: Estate['sla']): number | undefined {
  if (last.flow !== 'order_to_cash' || last.deadline === '') return undefined;
  const due = ms(last.deadline) - happened;
  const targets = Object.values(sla[tier as keyof Estate['sla']] ?? sla.standard).map((seconds) => seconds * 1_000);
  return due - Math.max(0, ...targets.filter((target) => target < due));
}

function firstCompletions(events: readonly StepEvent[], happened: number) {
  const completed = new Map<string, { at: number; since: number }>();
  const done = events.filter(({ status }) => status === 'completed').sort((a, b) => atOf(a) - atOf(b));
  let before = happened;
  for (const event of done) {
    if (completed.has(event.step)) continue;
    completed.set(event.step, { at: atOf(event), since: Math.max(0, atOf(event) - before) });
    before = atOf(event);
  }
  return completed;
}

function recountOne(events: readonly StepEvent[], now: number, sla: Estate['sla']): Recounted {
  const last = events.at(-1);
  const first = events[0];
  if (first === undefined || last === undefined) throw new Error('a transaction without events');
  const { flow, key } = first;
  const happened = Math.min(...events.map((event) => ms(event.occurred_at)));
  const completed = firstCompletions(events, happened);
  const open = isOpen(flow, last, (step) => completed.has(step));
  const tier = first.attributes['tier'] ?? '';
  const lastAt = Math.max(...events.map(atOf));
  const target = nextTarget(last, happened, tier, sla);
  const late = open && last.deadline !== '' && ms(last.deadline) < now;
  const stuck = late || (open && target !== undefined && now - lastAt > target);
  const exception = events.some(({ status, case_id }) => ['failed', 'quarantined'].includes(status) || case_id !== '');
  const stopped = open && ['failed', 'quarantined'].includes(last.status);
  const holds: Record<string, boolean> = {
    open,
    finished: !open,
    late,
    stuck,
    retrying: open && last.status === 'retrying',
    failed: open && last.status === 'failed',
    quarantined: open && last.status === 'quarantined',
    exception,
    trouble: exception || stuck,
    going: open && !stopped,
    smooth: !exception,
    well: !(exception || stuck),
  };
  const since = (at: number | undefined) => (at === undefined ? undefined : Math.max(0, at - happened));
  const shippedWhole = events
    .filter(({ step, attributes }) => step === 'shipment_confirmed' && attributes['remaining_units'] === '0')
    .filter(({ status }) => status === 'completed');
  const shipped = shippedWhole.length === 0 ? undefined : Math.min(...shippedWhole.map(atOf));
  const whole = open ? undefined : Math.max(0, lastAt - Math.min(...events.map(({ started_at }) => ms(started_at))));
  const latencies = {
    whole,
    accepted: since(completed.get('intake_received')?.at),
    acknowledged: since(completed.get('acknowledge_channel')?.at),
    erp: since(completed.get('erp_create_sales_order')?.at),
    released: since(completed.get('wms_release')?.at),
    shipped: since(shipped),
    delivered: since(completed.get('delivered')?.at ?? shipped),
  };
  return {
    flow,
    key,
    happened,
    open,
    completed,
    latencies: Object.fromEntries(Object.entries(latencies).filter(([, value]) => value !== undefined)),
    states: new Set(Object.keys(holds).filter((state) => holds[state])),
    facets: {
      channel: first.channel,
      region: first.region,
      entity: first.legal_entity,
      brand: first.brand,
      tier,
      location: last.location,
      system: last.system,
      step: last.step,
      error: last.error_class,
      code: last.error_code,
      sku: first.sku,
      origin: first.origin,
      attempts: events.some(({ attempt }) => attempt > 1) ? 'several' : 'one',
    },
  };
}

/** Every transaction of the events, as it stands at `now`. */
export function recount(events: readonly StepEvent[], now: number, sla: Estate['sla']): Recounted[] {
  const byKey = new Map<string, StepEvent[]>();
  for (const event of events) {
    const id = `${event.flow} ${event.key}`;
    const known = byKey.get(id);
    if (known) known.push(event);
    else byKey.set(id, [event]);
  }
  return [...byKey.values()].map((of) =>
    recountOne(
      of.toSorted((a, b) => a.ordinal - b.ordinal),
      now,
      sla,
    ),
  );
}

/** The value below which at least so large a share of the values lies, one of them. */
export function percentile(values: readonly number[], level: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(level * sorted.length)] ?? null;
}
