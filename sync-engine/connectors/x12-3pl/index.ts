import { segmentOf, value } from '../../edi/map/loops.ts';
import { type ExchangeBook, releaseName } from '../../files/exchange-book.ts';
import { openDrop, pollMsOf } from '../../files/open-drop.ts';
import type { ConnectorDefinition } from '../definition.ts';
import { partnerOf } from '../x12/contract.ts';
import { type Received, receiveFile, untakenFile } from '../x12/receive.ts';
import { answer, openDropTransport } from '../x12/transport.ts';
import { releaseCancelledBy, x12WarehouseServices } from './client.ts';
import { readAdvice, readCounts, readReceipt, readUntaken, receives, warehouseTroubles } from './map.ts';

/** A warehouse of somebody else that exchanges X12 documents through two folders (docs/edi.md). */
export const x12Warehouse: ConnectorDefinition = {
  kind: 'x12-3pl',
  open: (system, secrets, book) => {
    const partner = partnerOf(system, receives);
    const drop = openDrop(system, secrets);
    const overtaken = async (name: string, kept: ExchangeBook) => {
      const release = releaseCancelledBy(name);
      const order = release === undefined ? undefined : await kept.sent(system.id, release);
      return order?.shipped === true
        ? answer(410, { code: 'SHIPPED', message: 'A shipping advice came for it.' })
        : undefined;
    };
    return {
      transport: openDropTransport({ system: system.id, drop, partner, book, overtaken }),
      services: x12WarehouseServices(partner),
    };
  },
  files: (system, secrets) => {
    const drop = openDrop(system, secrets);
    // An advice for goods: what is released under its number has left, whatever else is wrong with it.
    const note = async ({ set }: Received, book: ExchangeBook) => {
      if (set.id !== '945') return;
      const number = value(segmentOf(set.content, 'W06'), 2) ?? '';
      await book.change(system.id, releaseName(number), { shipped: true });
    };
    const options = { system: system.id, partner: partnerOf(system, receives), drop, note };
    return {
      drop,
      pollMs: pollMsOf(system),
      take: (name, bytes, book) => receiveFile(name, bytes, book, options),
      untaken: untakenFile,
    };
  },
  delivery: 'untold',
  topics: {
    'x12/945': { means: 'shipments', read: readAdvice },
    'x12/944': { means: 'stock_changes', read: readReceipt },
    'x12/846': { means: 'stock_changes', read: readCounts },
    'x12/856': { means: 'shipments', read: readUntaken },
    ...warehouseTroubles,
  },
};
