import type { ConnectorDefinition } from '../definition.ts';
import { x12WarehouseServices } from './client.ts';
import { folderOf, partnerOf } from './contract.ts';
import {
  readAdvice,
  readCounts,
  readReceipt,
  readRejected,
  readRejection,
  readRepeated,
  readTooLarge,
  readUntaken,
} from './map.ts';
import { receiveFile } from './receive.ts';
import { openDropTransport } from './transport.ts';

/** A warehouse of somebody else that exchanges X12 documents through two folders (docs/edi.md). */
export const x12Warehouse: ConnectorDefinition = {
  kind: 'x12-3pl',
  open: (system, _secrets, book) => {
    const partner = partnerOf(system);
    const folder = folderOf(system, 'drop.out');
    return {
      transport: openDropTransport({ system: system.id, folder, partner, book }),
      services: x12WarehouseServices(partner),
    };
  },
  files: (system) => {
    const options = { system: system.id, partner: partnerOf(system), outbox: folderOf(system, 'drop.out') };
    return {
      inbox: folderOf(system, 'drop.in'),
      pollMs: Number(system.settings['drop.poll_ms'] ?? 2_000),
      take: (name, bytes, book) => receiveFile(name, bytes, book, options),
    };
  },
  delivery: 'untold',
  topics: {
    'x12/945': { means: 'shipments', read: readAdvice },
    'x12/944': { means: 'stock_changes', read: readReceipt },
    'x12/846': { means: 'stock_changes', read: readCounts },
    'x12/856': { means: 'shipments', read: readUntaken },
    'x12/997': { means: 'shipments', read: readRejection },
    'x12/repeated': { means: 'shipments', read: readRepeated },
    'x12/too_large': { means: 'shipments', read: readTooLarge },
    'x12/rejected': { means: 'shipments', read: readRejected },
  },
};
