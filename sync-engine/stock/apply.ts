import { orderCause, stockCause } from '#contracts/v1/stock-cause.ts';
import type { JournalEntry, StockFact, StockFactOf } from './journal.ts';
import { closeBatch, drift, openBatch, publish, type Batch, type Outcome, reoffer, touch } from './cycle.ts';
import { changeKey, REPEATS_KEPT, type Item, itemOf, type OrderRecord, type StockState } from './state.ts';

/**
 * Applies one journal entry. Deterministic: the same state and entry always give the same state and outcomes, whoever
 * replays them and when. Changes `state` in place.
 */
export function apply(state: StockState, entry: JournalEntry): Outcome[] {
  const batch = openBatch(state, entry.n, entry.at);
  for (const fact of entry.facts) applyFact(batch, fact);
  return closeBatch(batch);
}

/** Applies one fact inside a batch; the writer decides the next command on what this one left. */
export function applyFact(batch: Batch, fact: StockFact): void {
  switch (fact.fact) {
    case 'offered':
      return reoffer(batch, fact.offering);
    case 'changed':
      return applyChange(batch, fact);
    case 'reserved':
      return applyReservation(batch, fact);
    case 'released':
      return applyRelease(batch, fact);
    case 'shipped':
      return applyShipment(batch, fact);
    case 'published':
      return publish(batch, fact);
    case 'drifted':
      return drift(batch, fact);
  }
}

function applyChange(batch: Batch, { change, delta, superseded, origin }: StockFactOf<'changed'>): void {
  const { state } = batch;
  remember(state, changeKey(change));
  const item = itemOf(state, change.sku, change.location);
  const known = item.sources[change.source] ?? { newest: -1, count: -1 };
  item.sources[change.source] = {
    newest: Math.max(known.newest, change.version),
    count: change.reason === 'count' && !superseded ? Math.max(known.count, change.version) : known.count,
  };
  const cause = stockCause(change.source, change.change_id);
  touch(batch, item, { reason: change.reason, cause, occurredAt: change.occurred_at, origin, superseded });
  if (superseded) return;
  item.on_hand += delta;
  if (change.reason === 'announced') item.in_transit += Math.max(0, change.quantity);
  const arrives =
    change.reason === 'transfer_in' || (change.reason === 'receipt' && change.purchase_order !== undefined);
  if (arrives) item.in_transit = Math.max(0, item.in_transit - Math.max(0, delta));
  if (change.reason === 'transfer_out' && change.counterpart !== undefined) {
    const destination = itemOf(state, change.sku, change.counterpart);
    destination.in_transit += Math.max(0, -delta);
    touch(batch, destination, {
      reason: 'in_transit',
      cause,
      occurredAt: change.occurred_at,
      origin,
      superseded: false,
    });
  }
}

function remember(state: StockState, key: string): void {
  state.changeIds.add(key);
  if (state.changeIds.size <= REPEATS_KEPT) return;
  const oldest = state.changeIds.values().next();
  if (!oldest.done) state.changeIds.delete(oldest.value);
}

function applyReservation(batch: Batch, fact: StockFactOf<'reserved'>): void {
  const { state } = batch;
  const record = orderOf(state, fact.order_key, fact.location);
  for (const line of record.lines) setOpen(batch, record.location, line, 0, 'reservation', fact.order_key);
  record.location = fact.location;
  const before = record.lines;
  record.lines = [];
  for (const { sku, quantity } of fact.lines) {
    const shipped = before.find((line) => line.sku === sku)?.shipped ?? 0;
    const line = { sku, wanted: quantity, open: 0, shipped };
    record.lines.push(line);
    setOpen(batch, fact.location, line, Math.max(0, quantity - shipped), 'reservation', fact.order_key);
  }
  file(state, fact.order_key, record);
}

function applyRelease(batch: Batch, fact: StockFactOf<'released'>): void {
  const { state } = batch;
  const known = state.openOrders.get(fact.order_key) ?? state.finishedOrders.get(fact.order_key);
  const record = known ?? { location: '', lines: [], shipments: [] };
  for (const line of record.lines) setOpen(batch, record.location, line, 0, 'release', fact.order_key);
  if (fact.final === true) record.closed = true;
  file(state, fact.order_key, record);
}

function applyShipment(batch: Batch, fact: StockFactOf<'shipped'>): void {
  const { state, at } = batch;
  const record = orderOf(state, fact.order_key, fact.location);
  record.shipments.push(fact.shipment_id);
  for (const { sku, quantity } of fact.lines) {
    const item = itemOf(state, sku, fact.location);
    let line = record.lines.find((known) => known.sku === sku);
    if (!line) record.lines.push((line = { sku, wanted: 0, open: 0, shipped: 0 }));
    setOpen(batch, record.location, line, Math.max(0, line.open - quantity), 'shipment', fact.order_key);
    line.shipped += quantity;
    item.on_hand -= quantity;
    const cause = orderCause(fact.order_key);
    touch(batch, item, { reason: 'shipment', cause, occurredAt: at, origin: 'live', superseded: false });
  }
  file(state, fact.order_key, record);
}

function orderOf(state: StockState, orderKey: string, location: string): OrderRecord {
  return state.openOrders.get(orderKey) ?? state.finishedOrders.get(orderKey) ?? { location, lines: [], shipments: [] };
}

function setOpen(
  batch: Batch,
  location: string,
  line: OrderRecord['lines'][number],
  open: number,
  reason: string,
  orderKey: string,
): void {
  if (open === line.open) return;
  const item: Item = itemOf(batch.state, line.sku, location);
  item.reserved += open - line.open;
  line.open = open;
  touch(batch, item, {
    reason,
    cause: orderCause(orderKey),
    occurredAt: batch.at,
    origin: 'live',
    superseded: false,
  });
}

/** Keeps the order among the open ones, among the finished ones while its shipments could be repeated, or not at all. */
function file(state: StockState, orderKey: string, record: OrderRecord): void {
  state.openOrders.delete(orderKey);
  state.finishedOrders.delete(orderKey);
  if (record.lines.some((line) => line.open > 0)) {
    state.openOrders.set(orderKey, record);
    return;
  }
  if (record.shipments.length === 0 && record.closed !== true) return;
  state.finishedOrders.set(orderKey, record);
  if (state.finishedOrders.size <= REPEATS_KEPT) return;
  const oldest = state.finishedOrders.keys().next();
  if (!oldest.done) state.finishedOrders.delete(oldest.value);
}
