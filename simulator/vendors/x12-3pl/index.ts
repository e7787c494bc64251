import type { VendorContext } from '../vendor.ts';
import { readDocument, type ReceivedGroup, valueOf } from '../x12/documents.ts';
import { filesOf, putAway } from '../x12/folder.ts';
import { planOrder, readOrder, type WarehouseOrder } from './orders.ts';
import { createOutTray } from '../x12/out-tray.ts';
import type { Style } from '../x12/styles.ts';
import { createShelves } from './shelves.ts';
import { agreementOf, settingOf } from '../x12/agreement.ts';
import { acknowledgmentOf } from '../x12/answer.ts';
import { shippingAdvice } from './telling.ts';

/** A warehouse of somebody else that is spoken to by X12 documents in two folders. */
export interface ThirdParty {
  /** Begins to work: counts what is on its shelves, and looks into its folder again and again. */
  start(): void;
  /** As `Warehouse.changeStock`: a receipt is a 944, anything else is counted and told by 846. */
  changeStock(event: { sku: string; reason: 'count' | 'receipt' | 'adjustment' | 'return'; quantity: number }): void;
  /** Goes on shipping, but tells of nothing until the answer is called. */
  hold(): () => void;
  /** How the next shipping advices are written, one after the other. */
  write: (...styles: Style[]) => void;
  state(): Record<string, unknown>;
  counts(): Record<string, number>;
  close(): Promise<void>;
}

/** Advices told in one interchange. */
const MOST_SETS = 20;
const LOOK_MS = 1_000;

export function createThirdParty(context: VendorContext): ThirdParty {
  const { system, store } = context;
  // It looks into its folder as often as Syncline does into its own.
  const lookMs = Number(system.settings['drop.poll_ms'] ?? LOOK_MS);
  const agreed = agreementOf(system);
  const place = Object.keys(agreed.locations)[0] ?? 'WAREHOUSE';
  const inbox = settingOf(system, 'drop.out');
  const orders = store.collection<WarehouseOrder>(`${system.id}.orders`);
  const tray = createOutTray(context, {
    folder: settingOf(system, 'drop.in'),
    parties: { us: agreed.them, them: agreed.us },
    fragments: agreed.fragments,
  });
  const location = agreed.locations[place] ?? '';
  const shelves = createShelves(context, { place, location, tray, isOpen: (sku) => openSkus().has(sku) });
  const counts = { orders: 0, cancelled: 0, rejected_by_syncline: 0, unreadable: 0 };
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  const openSkus = () =>
    new Set(
      [...orders.values()]
        .filter(({ status }) => status === 'released')
        .flatMap(({ lines }) => lines.map(({ sku }) => sku)),
    );

  const takeOrders = (group: ReceivedGroup) => {
    for (const set of group.sets) {
      const known = orders.get(valueOf(set, 'W05', 2));
      if (valueOf(set, 'W05', 1) === 'F') {
        // What has left cannot be called back: its advice says so.
        if (known?.status !== 'released') continue;
        orders.put(known.number, { ...known, status: 'cancelled' });
        counts.cancelled++;
        continue;
      }
      const order = readOrder(set);
      if (order === undefined) counts.unreadable++;
      else if (known !== undefined) orders.put(known.number, { ...known, repeats: known.repeats + 1 });
      else {
        context.book.released(
          order.reference,
          order.lines.map((line) => ({ ...line, line_id: line.reference.join('') })),
        );
        orders.put(order.number, planOrder(context, order));
        counts.orders++;
      }
    }
  };

  /** Syncline rejected some of what it was told: that is told again, rightly. */
  const takeAnswer = (group: ReceivedGroup) => {
    for (const { segments } of group.sets) {
      const [, kind, control] = segments.find(([id]) => id === 'AK1') ?? [];
      if (kind !== 'SW') continue;
      const rejected = segments.flatMap(([id, , number], i) =>
        id === 'AK2' && segments.slice(i + 1).find(([next]) => next === 'AK5')?.[1] === 'R' ? [Number(number)] : [],
      );
      for (const order of orders.values())
        if (order.told?.control === Number(control) && rejected.includes(order.told.set)) {
          counts.rejected_by_syncline++;
          const { told: _, ...untold } = order;
          orders.put(order.number, { ...untold, status: 'shipped' });
        }
    }
  };

  const read = async () => {
    const answers: ReturnType<typeof acknowledgmentOf>[] = [];
    const taken: string[] = [];
    for (const { name, text } of await filesOf(inbox)) {
      const document = readDocument(text);
      if (document === undefined) counts.unreadable++;
      for (const group of document?.groups ?? []) {
        if (group.functionalId === 'FA') takeAnswer(group);
        else {
          takeOrders(group);
          answers.push(acknowledgmentOf(group));
        }
      }
      taken.push(name);
    }
    if (answers.length > 0) await tray.put(answers, 'plain');
    for (const name of taken) await putAway(inbox, name);
  };

  const ship = () => {
    for (const order of orders.values())
      if (order.status === 'released' && order.due <= Date.now()) {
        orders.put(order.number, { ...order, status: 'shipped' });
        shelves.take(order.lines);
      }
  };

  const tell = async () => {
    const untold = [...orders.values()].filter(({ status }) => status === 'shipped');
    for (let from = 0; from < untold.length; from += MOST_SETS) {
      const some = untold.slice(from, from + MOST_SETS);
      const sets = some.map((order) => shippingAdvice(order, place));
      const told = await tray.put(sets, tray.nextStyle());
      some.forEach((order, i) => {
        const at = told[i];
        // Told once more because Syncline rejected it, it is no news to the ERP.
        if (order.heard !== true)
          for (const { sku, quantity } of order.lines) context.stock.hear(location, sku, { by: -quantity });
        orders.put(order.number, { ...order, status: 'told', heard: true, ...(at && { told: at }) });
      });
    }
  };

  const work = async () => {
    await read();
    ship();
    if (holds === 0) await tell();
    await shelves.count();
  };
  const schedule = () => {
    if (closed) return;
    timer = setTimeout(() => {
      // A folder that cannot be read now can be later.
      working = work().then(schedule, schedule);
    }, lookMs);
  };

  return {
    start: () => {
      if (timer !== undefined) return;
      shelves.fill();
      schedule();
    },
    changeStock: ({ sku, reason, quantity }) => shelves.change({ sku, quantity, received: reason === 'receipt' }),
    hold: () => {
      holds++;
      return () => void holds--;
    },
    write: tray.write,
    state: () => ({ orders: [...orders.values()], shelves: shelves.state() }),
    counts: () => {
      const of = (status: WarehouseOrder['status']) =>
        [...orders.values()].filter((order) => order.status === status).length;
      return {
        ...counts,
        releases: orders.size,
        shipped: of('shipped') + of('told'),
        told: of('told'),
        ...tray.counts(),
      };
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
}
