import { formatCents, parseCents } from '../amount.ts';
import { returnReasons } from '../catalogue/return-reasons.ts';
import { pause, type Delivery } from '../intake-client.ts';
import type { Random } from '../random.ts';
import type { ReturnsPace } from '../scenarios/scenario.ts';
import type { StoreTraffic } from '../stores/store-traffic.ts';
import { isObject, listAt } from '../vendors/vendor.ts';
import type { ReleasedOrder } from '../vendors/rest-wms/contract.ts';
import type { ReturnParcel, Warehouse } from '../vendors/rest-wms/index.ts';
import { idText, parseExact } from '../vendors/shopify/ids.ts';
import type { TrafficContext } from './traffic.ts';

/** Between a marketplace's announcement and its parcel, in milliseconds. */
const ON_THE_WAY_MS = [3_000, 20_000] as const;
/** Share of the returns that customers bring to a store. */
const TO_A_STORE = 0.2;
/** Share of a shop's returns that its staff refund by hand. */
const BY_HAND = 0.25;

interface Found {
  warehouse: Warehouse;
  release: ReleasedOrder;
  /** The channel's system, and its id of the order. */
  system: string;
  order: string;
}

/**
 * Customers send goods back: a marketplace that calls our API announces it, customers of a shop or of Amazon just post
 * the parcel, and now and then the staff of a shop give the money back by themselves.
 */
export async function returnTraffic(
  context: TrafficContext,
  keys: { marketplace: string | undefined; masterData: string | undefined },
  random: Random,
  pace: () => ReturnsPace,
  takeBack: StoreTraffic['takeBack'],
  signal: AbortSignal,
): Promise<void> {
  const { estate, systems, store, intake } = context;
  const done = store.collection<string>('traffic.returned', 50_000);
  const meta = store.collection<string>('traffic.meta');
  if (keys.masterData !== undefined && meta.get('return_reasons') === undefined) {
    for (const put of reasonPuts(context, keys.masterData)) await intake.deliver(put, 200);
    if (!signal.aborted) meta.put('return_reasons', new Date().toISOString());
  }

  let missing = 0;
  /** Every so many parcels, rather than by luck, so that some of a few are silent too. */
  const isSilent = (): boolean => {
    missing += pace().missingReason;
    if (missing < 1) return false;
    missing -= 1;
    return true;
  };
  const parcelOf = ({ release }: Found): ReturnParcel => {
    const reason = random.pick(returnReasons);
    const silent = isSilent();
    const some = random.chance(0.5) ? release.lines.slice(0, 1) : release.lines;
    return {
      reference: release.reference,
      lines: some.map((line) => ({
        ...line,
        quantity: random.chance(0.5) ? 1 : line.quantity,
        condition: reason.condition,
        ...(silent ? {} : { reason_code: reason.code }),
      })),
    };
  };

  const announce = async (found: Found, key: string): Promise<void> => {
    const parcel = parcelOf(found);
    const returnNumber = `RMA-${context.nextId()}`;
    await intake.deliver(requestOf(context, found, parcel, returnNumber, key));
    await pause(random.int(...ON_THE_WAY_MS), signal);
    if (!signal.aborted) found.warehouse.receiveReturn({ ...parcel, returnNumber });
  };

  /** @returns false where no store takes it. */
  const bringToStore = ({ system, order, release }: Found): boolean => {
    const channel = estate.channels.find((one) => one.system === system);
    const [line] = release.lines;
    const reason = random.pick(returnReasons);
    if (channel === undefined || line === undefined) return false;
    return takeBack(channel.currency, {
      online_order: { channel: channel.id, order },
      lines: [
        {
          sku: line.sku,
          line_id: line.line_id,
          quantity: 1,
          net: '0.00',
          taxes: [],
          reason_code: reason.means,
          condition: reason.condition,
        },
      ],
    });
  };

  while (!signal.aborted) {
    await pause(Math.min(60, -Math.log(1 - random.next()) * pace().everyS) * 1000, signal);
    const found = signal.aborted ? undefined : pickDelivered(context, random, (reference) => done.get(reference));
    if (found === undefined) continue;
    done.put(found.release.reference, new Date().toISOString());
    if (random.chance(TO_A_STORE) && bringToStore(found)) continue;
    if (callsOurApi(context, found)) {
      if (keys.marketplace !== undefined) void announce(found, keys.marketplace);
    } else if (systems.shops.has(found.system) && random.chance(BY_HAND)) refundByHand(context, found);
    else found.warehouse.receiveReturn(parcelOf(found));
  }
}

/** The others tell Syncline of no return: their parcels just come. */
const callsOurApi = ({ estate }: TrafficContext, { system }: Found): boolean =>
  estate.systems.some(({ id, kind }) => id === system && kind === 'channel-api');

/** Any release that was delivered and of which nothing has come back yet. */
function pickDelivered(
  { systems, book }: TrafficContext,
  random: Random,
  isReturned: (reference: string) => string | undefined,
): Found | undefined {
  let chosen: Found | undefined;
  let seen = 0;
  for (const warehouse of systems.warehouses.values())
    for (const release of warehouse.releases) {
      if (release.status !== 'delivered' || isReturned(release.reference) !== undefined) continue;
      // Each of those seen so far is as likely as any other.
      seen++;
      if (!random.chance(1 / seen)) continue;
      const placed = book.find(release.reference);
      if (placed !== undefined) chosen = { warehouse, release, system: placed.system, order: placed.external_id };
    }
  return chosen;
}

function requestOf(
  { estate }: TrafficContext,
  { system, order }: Found,
  parcel: ReturnParcel,
  returnNumber: string,
  key: string,
): Delivery {
  const channel = estate.channels.find((one) => one.system === system)?.id ?? '';
  return {
    method: 'POST',
    path: '/v1/returns',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'x-syncline-origin': 'simulated',
    },
    body: JSON.stringify({
      return_id: returnNumber,
      channel,
      order,
      requested_at: new Date().toISOString(),
      lines: parcel.lines.map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity })),
    }),
  };
}

/** The staff of a shop refund one unit of an order's first line, which its customer may keep. */
function refundByHand({ systems }: TrafficContext, { system, order }: Found): void {
  const shop = systems.shops.get(system);
  const known = shop?.orders.get(order);
  const bodyText = shop?.bodies.get(order);
  const capture = known?.transactions.find(({ kind }) => kind === 'capture');
  if (bodyText === undefined || capture === undefined) return;
  const body = parseExact(bodyText);
  const [line] = listAt(body, 'line_items');
  if (!isObject(body) || line === undefined) return;
  const quantity = Number(line['quantity']);
  const sum = (name: string, field: string) =>
    listAt(line, name).reduce((cents, item) => cents + (parseCents(item[field]) ?? 0), 0);
  const subtotal = (parseCents(line['price']) ?? 0) - Math.round(sum('discount_allocations', 'amount') / quantity);
  const tax = Math.round(sum('tax_lines', 'price') / quantity);
  systems.refundDesks.get(system)?.(order, {
    note: 'The customer called.',
    refund_line_items: [
      {
        line_item_id: idText(line['id']),
        quantity: 1,
        restock_type: 'no_restock',
        subtotal: formatCents(subtotal),
        total_tax: formatCents(tax),
      },
    ],
    transactions: [
      {
        parent_id: String(capture.id),
        amount: formatCents(Math.min(capture.cents, subtotal + (body['taxes_included'] === true ? 0 : tax))),
      },
    ],
  });
}

function reasonPuts({ estate, systems }: TrafficContext, key: string): Delivery[] {
  return [...systems.warehouses.keys()]
    .filter((id) => estate.systems.some((system) => system.id === id))
    .flatMap((system) =>
      returnReasons.map(({ code, means }): Delivery => ({
        method: 'PUT',
        path: `/v1/mappings/return_reason/${code}`,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
          'x-syncline-origin': 'simulated',
        },
        body: JSON.stringify({ system, target: means, reason: 'Reasons that the warehouses give' }),
      })),
    );
}
