import { availableToPromise } from '#contracts/v1/stock-rules.ts';
import { quantityFor, unconfirmed } from './availability.ts';
import type { StockCommand, StockLine, StockPosition, StockReply } from './commands.ts';
import type { StockFact } from './journal.ts';
import { changeKey, type Item, itemKey, type OrderRecord, type StockState } from './state.ts';

/**
 * What a command comes to. `facts` go into the journal and are applied; `reply` is called once they are durable, on
 * the state as it is then. A repeated or refused command has no facts.
 */
export interface Decision {
  facts: StockFact[];
  reply: (state: StockState) => StockReply;
}

/** Items a page of `read`, and orders that `holders` names: well below the megabyte a message holds. */
const PAGE = 2000;

const answer = (reply: StockReply): Decision => ({ facts: [], reply: () => reply });

/** Decides a command on the state. Pure: no clock, nothing changed. */
export function decide(state: StockState, command: StockCommand): Decision {
  switch (command.type) {
    case 'reserve':
      return decideReservation(state, command.order_key, command.location, mergeLines(command.lines));
    case 'release':
      return decideRelease(state, command);
    case 'commit_shipment':
      return decideShipment(state, { ...command, lines: mergeLines(command.lines) });
    case 'change':
      return decideChange(state, command);
    case 'open':
      return decideOpening(state, command);
    case 'read':
      return { facts: [], reply: (now) => read(now, command) };
    case 'holders':
      return { facts: [], reply: (now) => holders(now, command) };
    case 'published':
      return {
        facts: [{ fact: 'published', channel: command.channel, items: command.items }],
        reply: () => ({ type: 'published' }),
      };
    case 'drifted':
      return decideDrift(state, command);
  }
}

/** One line per SKU: an order may carry the same SKU on several lines. */
export function mergeLines(lines: readonly StockLine[]): StockLine[] {
  const bySku = new Map<string, number>();
  for (const { sku, quantity } of lines) bySku.set(sku, (bySku.get(sku) ?? 0) + quantity);
  return Array.from(bySku, ([sku, quantity]) => ({ sku, quantity }));
}

function decideReservation(state: StockState, orderKey: string, location: string, lines: StockLine[]): Decision {
  const reply = { type: 'reserve', ok: true, location, short: [] } as const;
  const record = state.openOrders.get(orderKey);
  const heldAt = record?.location ?? location;
  if (heldAt !== location) return answer({ ...reply, ok: false, short: [], elsewhere: heldAt });
  const known = record ?? state.finishedOrders.get(orderKey);
  if (known?.closed === true) return answer({ ...reply, ok: false, short: [] });
  if (known?.location === location && holdsAll(known, lines)) return answer({ ...reply, short: [] });
  const short = lines.flatMap(({ sku, quantity }) => {
    const line = known?.lines.find((candidate) => candidate.sku === sku);
    const item = state.items.get(itemKey(sku, location));
    // What the order itself holds is free for it again.
    const available = (item ? availableToPromise(item) : 0) + (line?.open ?? 0);
    const wanted = Math.max(0, quantity - (line?.shipped ?? 0));
    return wanted > available ? [{ sku, location, wanted, available }] : [];
  });
  if (short.length > 0) return answer({ ...reply, ok: false, short });
  return {
    facts: [{ fact: 'reserved', order_key: orderKey, location, lines }],
    reply: () => ({ ...reply, short: [] }),
  };
}

/** Is every wanted unit reserved or shipped already, and nothing besides? */
function holdsAll(record: OrderRecord, lines: StockLine[]): boolean {
  return (
    record.lines.every((line) => line.open === 0 || lines.some((wanted) => wanted.sku === line.sku)) &&
    lines.every((wanted) => {
      const line = record.lines.find((candidate) => candidate.sku === wanted.sku);
      return line?.open === Math.max(0, wanted.quantity - (line?.shipped ?? 0));
    })
  );
}

function decideRelease(state: StockState, command: Extract<StockCommand, { type: 'release' }>): Decision {
  const { order_key, location } = command;
  const final = command.final === true;
  const held = state.openOrders.get(order_key);
  const open = held !== undefined && (location === undefined || held.location === location);
  const closes = final && state.finishedOrders.get(order_key)?.closed !== true;
  if (!open && !closes) return answer({ type: 'release', released: false });
  return {
    facts: [{ fact: 'released', order_key, ...(final && { final }) }],
    reply: () => ({ type: 'release', released: open }),
  };
}

function decideShipment(state: StockState, command: Extract<StockCommand, { type: 'commit_shipment' }>): Decision {
  const { order_key, shipment_id, location, lines } = command;
  const known = state.openOrders.get(order_key) ?? state.finishedOrders.get(order_key);
  if (known?.shipments.includes(shipment_id)) return answer({ type: 'commit_shipment', repeated: true, negative: [] });
  return {
    facts: [{ fact: 'shipped', order_key, shipment_id, location, lines }],
    reply: (now) => ({
      type: 'commit_shipment',
      repeated: false,
      negative: lines.map(({ sku }) => position(now, sku, location)).filter((shown) => shown.on_hand < 0),
    }),
  };
}

/**
 * A source's older count never overwrites its newer word. A difference older than the source's newest count is part of
 * that count already; otherwise differences add up in whatever order they come.
 */
function decideChange(state: StockState, command: Extract<StockCommand, { type: 'change' }>): Decision {
  const { change, origin } = command;
  const reply =
    (outcome: 'applied' | 'superseded' | 'repeated') =>
    (now: StockState): StockReply => ({
      type: 'change',
      outcome,
      position: position(now, change.sku, change.location),
    });
  if (state.changeIds.has(changeKey(change))) return { facts: [], reply: reply('repeated') };
  const item = state.items.get(itemKey(change.sku, change.location));
  const heard = item?.sources[change.source];
  const superseded = heard !== undefined && change.version < (change.reason === 'count' ? heard.newest : heard.count);
  const onHand = change.reason === 'count' ? change.quantity - (item?.on_hand ?? 0) : change.quantity;
  // What was announced is on its way, and not on any shelf.
  const delta = superseded || change.reason === 'announced' ? 0 : onHand;
  return {
    facts: [{ fact: 'changed', change, delta, superseded, origin }],
    reply: reply(superseded ? 'superseded' : 'applied'),
  };
}

/** Whatever an item's journal says of it already, a count of before would overwrite; a reservation needs such a change first. */
function decideOpening(state: StockState, command: Extract<StockCommand, { type: 'open' }>): Decision {
  const { change, over, dry_run } = command;
  const reply = (outcome: 'opened' | 'known' | 'moved' | 'newer'): StockReply => ({ type: 'open', outcome });
  if (state.changeIds.has(changeKey(change))) return answer(reply('known'));
  const item = state.items.get(itemKey(change.sku, change.location));
  if (!over && (item?.version ?? 0) > 0) return answer(reply('moved'));
  if (change.version < (item?.sources[change.source]?.newest ?? 0)) return answer(reply('newer'));
  if (dry_run) return answer(reply('opened'));
  const { facts } = decideChange(state, { type: 'change', change, origin: 'backfill' });
  return { facts, reply: () => reply('opened') };
}

/**
 * What a channel changed is published over. More than we own is so once for each quantity of ours: whoever changes that
 * one back would do so again. Less may be what the channel sold and another place ships, as often as that happens. What
 * is under way to the channel, or was sent since it was asked, goes over it anyway.
 */
function decideDrift(state: StockState, command: Extract<StockCommand, { type: 'drifted' }>): Decision {
  const { type, ...drift } = command;
  const { drift_id, channel, sku, location, confirmed, shown } = drift;
  const reply = (outcome: 'due' | 'outdated' | 'contested'): StockReply => ({ type, outcome });
  const item = state.items.get(itemKey(sku, location));
  const known = item?.channels[channel];
  if (known?.drift?.id === drift_id) return answer(reply('due'));
  const stands =
    item !== undefined &&
    known?.quantity === confirmed &&
    quantityFor(item, channel, state.offering) === confirmed &&
    shown !== confirmed;
  if (!stands) return answer(reply('outdated'));
  const before = known.drift?.quantity === confirmed ? known.drift : undefined;
  if (before !== undefined && Math.min(before.shown, shown) > confirmed) return answer(reply('contested'));
  return { facts: [{ fact: 'drifted', ...drift }], reply: () => reply('due') };
}

function read(state: StockState, command: Extract<StockCommand, { type: 'read' }>): StockReply {
  const { offset } = command;
  const items =
    offset === undefined
      ? command.skus.flatMap((sku) => state.itemsBySku.get(sku) ?? [])
      : [...state.items.values()].slice(offset, offset + PAGE);
  const key = command.order_key;
  const record = key === undefined ? undefined : (state.openOrders.get(key) ?? state.finishedOrders.get(key));
  return {
    type: 'read',
    positions: items.map((item) => ({
      ...toPosition(item),
      behind: unconfirmed(item, state.offering),
      ...(offset === undefined && { confirmed: confirmations(item) }),
    })),
    ...(offset !== undefined && offset + PAGE < state.items.size && { next: offset + PAGE }),
    // A partition may know of an order only that nothing is to be reserved for it any more.
    ...(record !== undefined &&
      record.location !== '' && {
        reservation: {
          location: record.location,
          open: record.lines.filter((line) => line.open > 0).map(({ sku, open }) => ({ sku, quantity: open })),
          shipments: record.shipments,
        },
      }),
  };
}

function holders(state: StockState, { skus, after }: Extract<StockCommand, { type: 'holders' }>): StockReply {
  const wanted = new Set(skus);
  const orderKeys: string[] = [];
  // An order that has left since is no place to go on from: then from the beginning, which names some twice.
  let reached = after === undefined || !state.openOrders.has(after);
  for (const [key, { lines }] of state.openOrders) {
    if (!reached) {
      reached = key === after;
      continue;
    }
    if (!lines.some(({ sku, open }) => open > 0 && wanted.has(sku))) continue;
    if (orderKeys.length === PAGE) return { type: 'holders', order_keys: orderKeys, more: true };
    orderKeys.push(key);
  }
  return { type: 'holders', order_keys: orderKeys, more: false };
}

function position(state: StockState, sku: string, location: string): StockPosition {
  const item = state.items.get(itemKey(sku, location));
  return item
    ? toPosition(item)
    : { sku, location, on_hand: 0, reserved: 0, in_transit: 0, version: 0, as_of: '1970-01-01T00:00:00.000Z' };
}

const confirmations = ({ channels }: Item): StockPosition['confirmed'] =>
  Object.fromEntries(
    Object.entries(channels).map(([channel, { quantity, sent_at }]) => [
      channel,
      { quantity, ...(sent_at !== undefined && { sent_at }) },
    ]),
  );

const toPosition = ({ sku, location, on_hand, reserved, in_transit, version, as_of }: Item): StockPosition => ({
  sku,
  location,
  on_hand,
  reserved,
  in_transit,
  version,
  as_of,
});
