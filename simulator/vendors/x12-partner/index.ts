import { formatCents } from '../../amount.ts';
import type { VendorContext } from '../vendor.ts';
import { agreementOf, settingOf } from '../x12/agreement.ts';
import { acknowledgmentOf } from '../x12/answer.ts';
import { readDocument, type ReceivedGroup } from '../x12/documents.ts';
import { filesOf, putAway } from '../x12/folder.ts';
import { createOutTray } from '../x12/out-tray.ts';
import type { Style } from '../x12/styles.ts';
import { type OutSet, stampOf } from '../x12/write.ts';

/** A partner who buys by X12 on account. */
export interface Buyer {
  /** Begins to order, and to read what it is answered. */
  start(): void;
  /** Orders now; with a product code that nobody knows, where that is wanted. @returns the number of the order. */
  order(wishes?: { unknownCode?: boolean }): Promise<string>;
  /** How its next orders are written, one after the other. */
  write: (...styles: Style[]) => void;
  state(): Record<string, unknown>;
  counts(): Record<string, number>;
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
/** Between two of its orders, on average. */
const MEAN_PAUSE_MS = 45_000;
/** Share of its orders with a code that is not mapped. */
const UNKNOWN_CODE = 0.02;

/** One of its purchase orders, and what it has heard of it. */
interface PurchaseOrder {
  number: string;
  lines: number;
  answers: string[];
}

export function createBuyer(context: VendorContext): Buyer {
  const { system, store, random, catalogue, nextId } = context;
  const agreed = agreementOf(system);
  const lookMs = Number(system.settings['drop.poll_ms'] ?? LOOK_MS);
  const inbox = settingOf(system, 'drop.out');
  const orders = store.collection<PurchaseOrder>(`${system.id}.orders`, 5_000);
  const tray = createOutTray(context, {
    folder: settingOf(system, 'drop.in'),
    parties: { us: agreed.them, them: agreed.us },
    fragments: agreed.fragments,
  });
  const heard = new Map<string, number>();
  /** What went out under a control number, as long as it may be rejected. */
  const sent = new Map<number, OutSet>();
  let due = Date.now() + random.int(0, MEAN_PAUSE_MS);
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let closed = false;

  const send = async (set: OutSet, style: Style) => {
    for (const { control } of await tray.put([set], style)) sent.set(control, set);
  };

  /** An order that was rejected is sent again, rightly. */
  const takeAnswer = async ({ sets }: ReceivedGroup) => {
    for (const { segments } of sets) {
      const [, kind, control] = segments.find(([id]) => id === 'AK1') ?? [];
      const set = kind === 'PO' ? sent.get(Number(control)) : undefined;
      sent.delete(Number(control));
      if (set !== undefined && segments.some(([id, verdict]) => id === 'AK5' && verdict === 'R'))
        await send(set, 'plain');
    }
  };

  const order: Buyer['order'] = async ({ unknownCode = false } = {}) => {
    const number = `NF${nextId()}`;
    const items = [
      ...new Set(Array.from({ length: random.int(1, 3) }, () => random.pick(catalogue.active.slice(0, 40)))),
    ];
    const lines = items.map((item, i) => {
      // By the case now and then, priced by the piece.
      const quantity = random.chance(0.3) ? ['1', 'CA'] : [String(random.int(1, 6)), 'EA'];
      const code = unknownCode && i === 0 ? ['BP', `NF-${random.int(100, 999)}`] : ['VN', item.sku];
      return ['PO1', String(i + 1), ...quantity, formatCents(item.priceCents.USD), 'PE', ...code] as const;
    });
    const set: OutSet = {
      id: '850',
      segments: [
        ['BEG', '00', 'SA', number, '', stampOf(new Date()).day],
        ['N1', 'BY', 'Northfield Stores', '92', 'NF01'],
        ['N1', 'ST', 'Northfield Stores DC', '92', 'NF-DC'],
        ['N3', '9 Ring Road'],
        ['N4', 'Albany', 'NY', '12207', 'US'],
        ...lines,
        ['CTT', String(lines.length)],
      ],
    };
    orders.put(number, { number, lines: lines.length, answers: [] });
    await send(set, tray.nextStyle());
    return number;
  };

  const hear = ({ sets }: ReceivedGroup) => {
    for (const { id, segments } of sets) {
      heard.set(id, (heard.get(id) ?? 0) + 1);
      // BAK03, PRF01 and BIG04: each names the order it belongs to.
      const number = segments.flatMap(([name, ...elements]) =>
        name === 'BAK' ? [elements[2]] : name === 'PRF' ? [elements[0]] : name === 'BIG' ? [elements[3]] : [],
      )[0];
      const known = number === undefined ? undefined : orders.get(number);
      if (known !== undefined) orders.put(known.number, { ...known, answers: [...known.answers, id] });
    }
  };

  const work = async () => {
    const answers: OutSet[] = [];
    const taken: string[] = [];
    for (const { name, text } of await filesOf(inbox)) {
      for (const group of readDocument(text)?.groups ?? []) {
        hear(group);
        if (group.functionalId === 'FA') await takeAnswer(group);
        else answers.push(acknowledgmentOf(group));
      }
      taken.push(name);
    }
    if (answers.length > 0) await tray.put(answers, 'plain');
    for (const name of taken) await putAway(inbox, name);
    if (due > Date.now()) return;
    due = Date.now() - Math.log(1 - random.next()) * MEAN_PAUSE_MS;
    await order({ unknownCode: random.chance(UNKNOWN_CODE) });
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
      if (timer === undefined) schedule();
    },
    order,
    write: tray.write,
    state: () => ({ orders: [...orders.values()] }),
    counts: () => ({
      orders: orders.size,
      invoiced: [...orders.values()].filter(({ answers }) => answers.includes('810')).length,
      ...Object.fromEntries([...heard].map(([id, count]) => [`heard_${id}`, count])),
      ...tray.counts(),
    }),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
}
