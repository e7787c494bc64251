import { offerable } from '#contracts/v1/stock-rules.ts';
import { pushChannels, quantityFor, unconfirmed } from './availability.ts';
import type { Offering, StockFactOf } from './journal.ts';
import { type Confirmation, type Cycle, type Item, itemKey, itemOf, type StockState } from './state.ts';

/** A cycle whose channels never all confirm is ended after this many outcomes and goes on as a new one. */
const CYCLE_OUTCOMES_MAX = 200;
/** Distinct moments of change remembered while a channel is behind; beyond it the oldest two become one. */
const PENDING_MAX = 64;
/** Orders and messages that one outcome names at most. */
const CAUSES_MAX = 20;

/** Reason of a publication that no change of stock asks for. */
export const CHANNEL_DRIFT = 'channel_drift';

interface Touch {
  item: Item;
  /** Version and confirmed channels before the batch. */
  base: number;
  clean: Set<string>;
  occurredAt: string;
  origin: Cycle['origin'];
  reasons: Set<string>;
  causes: Set<string>;
  count: number;
  superseded: number;
  publications: Published[];
}

interface Published {
  channel: string;
  version: number;
  quantity: number;
  sentAt: string;
  confirmedAt: string;
  /** When the oldest change that this publication carried happened. */
  oldestChangeAt: string;
  error?: { code: string; message: string } | undefined;
}

/** What an entry came to for one item: the steps of inventory_sync are made of these, one for one. */
export interface Outcome {
  sku: string;
  location: string;
  /** Journal position that opened the item's publication cycle, and the outcome's place in it, from 1. */
  cycle: number;
  ordinal: number;
  /** Is this the last outcome of the cycle? */
  closes: boolean;
  /** When the change that opened the cycle happened. */
  occurredAt: string;
  origin: Cycle['origin'];
  /** When the journal entry was written. */
  at: string;
  version: number;
  onHand: number;
  reserved: number;
  inTransit: number;
  sellable: number;
  /** Push channels that have not confirmed this version. */
  behind: string[];
  detail:
    | {
        kind: 'changed';
        reasons: string[];
        causes: string[];
        coalesced: number;
        changedAt: string;
        superseded: boolean;
      }
    | ({ kind: 'published' } & Published)
    /** The cycle grew too long while these channels were behind; a new one goes on. */
    | { kind: 'continued'; behind: string[] };
}

export interface Batch {
  state: StockState;
  n: number;
  at: string;
  touched: Map<string, Touch>;
}

export const openBatch = (state: StockState, n: number, at: string): Batch => ({ state, n, at, touched: new Map() });

function touchOf(batch: Batch, item: Item, occurredAt: string, origin: Cycle['origin']): Touch {
  const key = itemKey(item.sku, item.location);
  const known = batch.touched.get(key);
  if (known) return known;
  const behind = new Set(unconfirmed(item, batch.state.offering));
  const made: Touch = {
    item,
    base: item.version,
    clean: new Set(pushChannels(item.location, batch.state.offering).filter((channel) => !behind.has(channel))),
    occurredAt,
    origin,
    reasons: new Set(),
    causes: new Set(),
    count: 0,
    superseded: 0,
    publications: [],
  };
  batch.touched.set(key, made);
  return made;
}

/** Notes that a fact concerned the item; unless superseded, the item has a new version. */
export function touch(
  batch: Batch,
  item: Item,
  what: { reason: string; cause?: string; occurredAt: string; origin: Cycle['origin']; superseded: boolean },
): void {
  const entry = touchOf(batch, item, what.occurredAt, what.origin);
  if (what.cause !== undefined && entry.causes.size < CAUSES_MAX) entry.causes.add(what.cause);
  if (what.superseded) {
    entry.superseded++;
    return;
  }
  if (what.occurredAt < entry.occurredAt) entry.occurredAt = what.occurredAt;
  entry.reasons.add(what.reason);
  entry.count++;
  item.version++;
  item.as_of = batch.at;
}

/** Records what a channel confirmed. An older version than the one it has confirmed already changes nothing. */
export function publish(batch: Batch, { channel, items }: StockFactOf<'published'>): void {
  for (const { sku, location, version, quantity, sent_at, confirmed_at, error } of items) {
    const item = itemOf(batch.state, sku, location);
    const known: Confirmation = item.channels[channel] ?? { version: -1, quantity: -1 };
    if (version <= known.version) continue;
    const oldest = item.pending.find((change) => change.version > known.version)?.occurred_at ?? item.as_of;
    const entry = touchOf(batch, item, oldest, 'live');
    // After a refusal nobody knows what the channel shows: no quantity equals it, so the next change is sent.
    item.channels[channel] = {
      ...{ version, quantity: error ? -1 : quantity, sent_at },
      ...(known.drift?.quantity === quantity && { drift: known.drift }),
    };
    entry.publications.push({
      channel,
      version,
      quantity,
      sentAt: sent_at,
      confirmedAt: confirmed_at,
      oldestChangeAt: oldest,
      error,
    });
  }
}

/** The channel does not show what it confirmed: the item as it stands is due there again. */
export function drift(batch: Batch, fact: StockFactOf<'drifted'>): void {
  const item = itemOf(batch.state, fact.sku, fact.location);
  touch(batch, item, { reason: CHANNEL_DRIFT, occurredAt: batch.at, origin: 'live', superseded: false });
  const known = item.channels[fact.channel] ?? { version: -1 };
  const { drift_id: id, confirmed, shown } = fact;
  // No quantity equals it, so that the one it should show is sent.
  item.channels[fact.channel] = { ...known, quantity: -1, drift: { id, quantity: confirmed, shown } };
}

/** Takes over a changed configuration: items whose offer it changes are due at the channels concerned. */
export function reoffer(batch: Batch, offering: Offering): void {
  const { state, at } = batch;
  state.offering = offering;
  for (const item of state.items.values()) {
    const channels = pushChannels(item.location, offering);
    for (const gone of Object.keys(item.channels)) if (!channels.includes(gone)) delete item.channels[gone];
    for (const channel of channels) {
      const known = item.channels[channel];
      if (known?.quantity === quantityFor(item, channel, offering)) continue;
      item.channels[channel] = { version: -1, quantity: -1 };
      if (item.pending.length === 0) item.pending.push({ version: item.version, occurred_at: at });
    }
  }
}

/** Settles every item of the batch: what is due where, which cycles open, go on and close. */
export function closeBatch(batch: Batch): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const entry of batch.touched.values()) settle(batch, entry, outcomes);
  batch.state.n = batch.n;
  return outcomes;
}

function settle(batch: Batch, entry: Touch, outcomes: Outcome[]): void {
  const { item } = entry;
  const { offering } = batch.state;
  for (const channel of pushChannels(item.location, offering)) {
    const known = (item.channels[channel] ??= { version: -1, quantity: -1 });
    // Nothing was under way to this channel and its quantity is what it shows already: nothing to send.
    if (entry.clean.has(channel) && known.quantity === quantityFor(item, channel, offering))
      known.version = item.version;
  }
  const behind = unconfirmed(item, offering);
  if (entry.count > 0 && behind.length > 0) remember(item, entry.occurredAt);
  item.cycle ??= cycleFrom(batch, entry);
  const { cycle } = item;
  const add = (detail: Outcome['detail']): void => {
    outcomes.push(outcomeOf(batch, item, cycle, behind, detail));
  };
  const changed = {
    kind: 'changed' as const,
    reasons: [...entry.reasons],
    causes: [...entry.causes],
    changedAt: entry.occurredAt,
  };
  if (entry.superseded > 0) add({ ...changed, coalesced: entry.superseded, superseded: true });
  if (entry.count > 0) add({ ...changed, coalesced: entry.count, superseded: false });
  for (const publication of entry.publications) add({ kind: 'published', ...publication });
  const confirmed = Math.min(
    ...pushChannels(item.location, offering).map((name) => item.channels[name]?.version ?? -1),
  );
  item.pending = behind.length === 0 ? [] : item.pending.filter((change) => change.version > confirmed);
  if (behind.length > 0) {
    const publishedOpening = entry.publications.length > 0 && confirmed > cycle.base_version && cycle.n < batch.n;
    if (!publishedOpening && cycle.events < CYCLE_OUTCOMES_MAX) return;
    if (!publishedOpening) add({ kind: 'continued', behind });
  }
  const last = outcomes.at(-1);
  if (last) last.closes = true;
  if (behind.length === 0) delete item.cycle;
  else {
    const since = item.pending[0]?.occurred_at ?? batch.at;
    item.cycle = { n: batch.n, base_version: confirmed, events: 0, occurred_at: since, origin: cycle.origin };
  }
}

function cycleFrom(batch: Batch, entry: Touch): Cycle {
  const { occurredAt, origin, base } = entry;
  return { n: batch.n, base_version: base, events: 0, occurred_at: occurredAt, origin };
}

function remember(item: Item, occurredAt: string): void {
  item.pending.push({ version: item.version, occurred_at: occurredAt });
  const [first, second] = item.pending;
  if (item.pending.length > PENDING_MAX && first && second) {
    const older = first.occurred_at < second.occurred_at ? first.occurred_at : second.occurred_at;
    item.pending.splice(0, 2, { version: second.version, occurred_at: older });
  }
}

function outcomeOf(batch: Batch, item: Item, cycle: Cycle, behind: string[], detail: Outcome['detail']): Outcome {
  return {
    sku: item.sku,
    location: item.location,
    cycle: cycle.n,
    ordinal: ++cycle.events,
    closes: false,
    occurredAt: cycle.occurred_at,
    origin: cycle.origin,
    at: batch.at,
    version: item.version,
    onHand: item.on_hand,
    reserved: item.reserved,
    inTransit: item.in_transit,
    sellable: offerable(item, batch.state.offering[item.location]?.safety_stock ?? 0),
    behind,
    detail,
  };
}
