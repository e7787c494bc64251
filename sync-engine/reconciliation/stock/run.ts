import { setTimeout as delay } from 'node:timers/promises';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import { sellable } from '#contracts/v1/stock-rules.ts';
import type { TransactionLog } from '../../flows/transaction-log.ts';
import type { StockClient } from '../../stock/client.ts';
import type { StockPosition } from '../../stock/commands.ts';
import { itemKey } from '../../stock/state.ts';
import { breakId, type Compared, type Found } from '../found.ts';
import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { type PageReader, readPages } from '../read-pages.ts';
import type { Trail } from '../trail.ts';
import { readToldParcels, type ToldUnits } from './told-parcels.ts';
import { countItems, differenceOf, firstLook, groupPairs, judge, type Pair, pairKey } from './compare.ts';
import type { StockSource } from './sources.ts';

export interface StockRunOptions extends PageReader {
  estate: Estate;
  stock: Pick<StockClient, 'positions' | 'allPositions' | 'holders'>;
  transactions: Pick<TransactionLog, 'peek'>;
  /** Breaks of this plan whose sides differed when they were last compared. */
  standing: readonly ReconciliationBreak[];
  sources: readonly StockSource[];
  /** Waits until what had arrived about stock is taken in. */
  caughtUp: (withinMs: number, signal: AbortSignal) => Promise<boolean>;
  trail: Pick<Trail, 'add'>;
}

/** Items that are asked for by name in one request; more than so many pages are read as the whole list. */
const NAMED = 50;
const MOST_NAMED = 1_000;
/** Messages that wait in our own inbox for longer than this leave what differs undecided. */
const INBOX_MS = 60_000;

type Ours = ReadonlyMap<string, StockPosition>;
interface Theirs {
  source: StockSource;
  readAt: string;
  /** By item key. */
  items: ReadonlyMap<string, { quantity: number; ref: string }>;
  failure?: string;
}

/** Compares stock three ways. What differs is read again until it stands still; only then is it a break. */
export async function compareStock(plan: StockPlan, options: StockRunOptions): Promise<Compared> {
  const { trail, now, signal } = options;
  const ours = await readOurs(options);
  const read = await Promise.all(options.sources.map((source) => readSide(options, source)));
  for (const { steps } of read) for (const step of steps) await trail.add(step);
  const sides = new Map(read.map(({ theirs }) => [theirs.source, theirs]));
  const whole = [...sides.values()].filter(({ failure }) => failure === undefined);
  const startedAt = now().toISOString();
  const standing = new Set(options.standing.map(({ break_id }) => break_id));
  const looked = firstLook(
    whole.flatMap((side) => pairsOf(options.estate, ours.positions, side)),
    plan.tolerance,
    (pair) => standing.has(breakId(identityOf(pair))),
  );
  const agreeing = [...looked.agreeing];
  const differing: Pair[] = [];
  let suspected = looked.suspected;
  await trail.add({
    step: 'compare_stock',
    started_at: startedAt,
    attributes: { agreeing: String(agreeing.length), suspected: String(suspected.length) },
  });
  const latest = { ours: ours.readAt, sides: new Map(whole.map((side) => [side.source, side.readAt])) };
  for (let round = 1; round <= plan.rounds && suspected.length > 0; round++) {
    const roundAt = now().toISOString();
    await delay(plan.settle_s * 1000, undefined, { signal });
    const caughtUp = await options.caughtUp(INBOX_MS, signal);
    const again = await readAgain(options, suspected, whole);
    latest.ours = again.readAt;
    for (const [source, at] of again.sides) latest.sides.set(source, at);
    const next: Pair[] = [];
    for (const before of suspected) {
      const pair = again.pairs.get(pairKey(before));
      const verdict = pair === undefined ? 'moving' : judge(before, pair, plan.tolerance);
      if (verdict === 'agrees') agreeing.push(pair ?? before);
      else if (verdict === 'differs' && caughtUp) differing.push(pair ?? before);
      else next.push(pair ?? before);
    }
    suspected = next;
    await trail.add({
      step: 'recheck_differences',
      started_at: roundAt,
      attempt: round,
      attributes: { differing: String(differing.length), moving: String(suspected.length) },
    });
  }
  const judged = { agreeing, differing, undecided: suspected };
  const found = differing.map((pair) => foundOf(pair, options.estate, latest));
  const open = new Set([...found.map(breakId), ...suspected.map((pair) => breakId(identityOf(pair)))]);
  const readWhole = new Set(whole.map(({ source }) => `${source.side} ${source.system.id} ${source.channel}`));
  return {
    ...countItems(judged),
    groups: groupPairs(judged),
    found,
    agrees: (known) =>
      readWhole.has(`${known.kind.slice('stock_'.length)} ${known.system} ${known.channel}`) &&
      !open.has(known.break_id),
    unread: [...sides.values()].flatMap(({ failure }) => failure ?? []),
  };
}

async function readOurs({ stock, now }: StockRunOptions): Promise<{ positions: Ours; readAt: string }> {
  const readAt = now().toISOString();
  const positions = new Map<string, StockPosition>();
  for await (const position of stock.allPositions()) positions.set(itemKey(position.sku, position.location), position);
  return { positions, readAt };
}

async function readSide(options: StockRunOptions, source: StockSource, refs?: readonly string[]) {
  const places = [...source.places.keys()];
  const input = { places, ...(refs === undefined ? {} : { refs }) };
  const read = await readPages(options, source.system, 'list_stock', input, 'read_stock');
  const items = new Map<string, { quantity: number; ref: string }>();
  let unmapped: string | undefined;
  for (const { sku, place, quantity, ref } of read.items) {
    const location = source.places.get(place);
    if (location === undefined) unmapped = place;
    else items.set(itemKey(source.sku(sku), location), { quantity, ref });
  }
  const theirs: Theirs = {
    source,
    readAt: read.endedAt.toISOString(),
    items,
    ...whyNot(source, read.failure?.message, unmapped),
  };
  return { theirs, steps: read.steps };
}

/** A list that was not read to the end, or of places we do not know, is not to be relied on. */
function whyNot({ system }: StockSource, failure: string | undefined, unmapped: string | undefined) {
  if (failure !== undefined) return { failure: `${system.name} could not be read: ${failure}` };
  if (unmapped === undefined) return {};
  return { failure: `${system.name} lists stock at "${unmapped}", which is not mapped to a location.` };
}

/** Every item at a side's places that we or the side know of. */
function pairsOf(estate: Estate, ours: Ours, { source, items }: Theirs, wanted?: ReadonlySet<string>): Pair[] {
  const locations = new Set(source.places.values());
  const keys = new Set([
    ...[...ours.values()].filter(({ location }) => locations.has(location)).map((at) => itemKey(at.sku, at.location)),
    ...items.keys(),
  ]);
  return [...keys].flatMap((key) => {
    if (wanted?.has(key) === false) return [];
    const position = ours.get(key);
    const item = items.get(key);
    const at = key.lastIndexOf('@');
    return [
      {
        side: source.side,
        system: source.system.id,
        channel: source.channel,
        sku: key.slice(0, at),
        location: key.slice(at + 1),
        ours: position === undefined ? 0 : figureOf(estate, source, position),
        told: 0,
        theirs: item?.quantity,
        unconfirmed: source.channel !== '' && position?.behind?.includes(source.channel) === true,
        ...(item === undefined ? {} : { ref: item.ref }),
      },
    ];
  });
}

/** What the side should have: what lies there, or what the channel may offer of it. */
function figureOf(estate: Estate, { side, channel }: StockSource, position: StockPosition): number {
  if (side !== 'channel') return position.on_hand;
  const safety = estate.locations.find(({ id }) => id === position.location)?.safety_stock ?? 0;
  const percent = estate.channels.find(({ id }) => id === channel)?.allocation_percent ?? 0;
  return sellable(position, safety, percent);
}

/** Reads what is suspected once more, at every side concerned and with us. A side that fails now leaves its pairs out. */
async function readAgain(options: StockRunOptions, suspected: readonly Pair[], sides: readonly Theirs[]) {
  const pairs = new Map<string, Pair>();
  const told = await toldUnits(options, suspected);
  const again = await Promise.all(
    sides.map(async ({ source }) => {
      const own = suspected.filter(
        ({ side, system, channel }) =>
          side === source.side && system === source.system.id && channel === source.channel,
      );
      return own.length === 0 ? undefined : { own, reads: await readNamed(options, source, own) };
    }),
  );
  const readAt = options.now().toISOString();
  const positions = await options.stock.positions([...new Set(suspected.map(({ sku }) => sku))]);
  const ours: Ours = new Map(positions.map((one) => [itemKey(one.sku, one.location), one]));
  const readSides = new Map<StockSource, string>();
  for (const one of again) {
    if (one === undefined || one.reads.some(({ theirs }) => theirs.failure !== undefined)) continue;
    const [first] = one.reads;
    if (first === undefined) continue;
    const items = new Map(one.reads.flatMap(({ theirs }) => [...theirs.items]));
    const wanted = new Set(one.own.map(({ sku, location }) => itemKey(sku, location)));
    for (const pair of pairsOf(options.estate, ours, { ...first.theirs, items }, wanted))
      pairs.set(pairKey(pair), { ...pair, ours: pair.ours - told(pair), told: told(pair) });
    readSides.set(first.theirs.source, first.theirs.readAt);
  }
  return { pairs, readAt, sides: readSides };
}

/** Of what a channel may offer a parcel takes nothing: its goods were reserved. */
async function toldUnits({ stock, transactions, signal }: StockRunOptions, suspected: readonly Pair[]) {
  const skus = new Set(suspected.flatMap(({ channel, sku }) => (channel === '' ? [sku] : [])));
  const told: ToldUnits = skus.size === 0 ? () => 0 : await readToldParcels([...skus], stock, transactions, signal);
  return ({ channel, sku, location }: Pair): number => (channel === '' ? told(sku, location) : 0);
}

/** By name where each item has one and they are few, otherwise the whole list. */
async function readNamed(options: StockRunOptions, source: StockSource, own: readonly Pair[]) {
  const refs = [...new Set(own.flatMap(({ ref }) => ref ?? []))];
  if (own.some(({ ref }) => ref === undefined) || refs.length > MOST_NAMED) return [await readSide(options, source)];
  const reads: Awaited<ReturnType<typeof readSide>>[] = [];
  for (let from = 0; from < refs.length; from += NAMED)
    reads.push(await readSide(options, source, refs.slice(from, from + NAMED)));
  return reads;
}

const identityOf = ({ side, system, channel, sku, location }: Pair) => ({
  ...{ kind: `stock_${side}` as const, system, sku, location, channel, reference: '', currency: '' as const },
});

function foundOf(pair: Pair, estate: Estate, read: { ours: string; sides: ReadonlyMap<StockSource, string> }): Found {
  const { side, system, channel, sku, location, ours, theirs, ref } = pair;
  const at = [...read.sides].find(([one]) => one.system.id === system && one.side === side && one.channel === channel);
  return {
    ...identityOf(pair),
    domain: 'operational',
    legal_entity: estate.locations.find(({ id }) => id === location)?.legal_entity ?? '',
    method: '',
    business_key: `${sku}@${location}`,
    key: '',
    difference: String(differenceOf(pair)),
    occurred_at: read.ours,
    sides: [
      { side: 'syncline', system: 'syncline', figure: String(ours), read_at: read.ours, references: [] },
      {
        side,
        system,
        figure: theirs === undefined ? '' : String(theirs),
        read_at: at?.[1] ?? read.ours,
        references: ref === undefined || ref === sku ? [] : [ref],
      },
    ],
  };
}
