import type { ConnectorDefinition } from '../definition.ts';
import { openDrop, pollMsOf } from '../../files/open-drop.ts';
import { x12WarehouseServices } from './client.ts';
import { partnerOf } from './contract.ts';
import {
  readAdvice,
  readCounts,
  readInterchangeRejection,
  readReceipt,
  readRejected,
  readRejection,
  readRepeated,
  readTooLarge,
  readUntaken,
  readUntakenFile,
} from './map.ts';
import { receiveFile, untakenFile } from './receive.ts';
import { openDropTransport } from './transport.ts';

/** A warehouse of somebody else that exchanges X12 documents through two folders (docs/edi.md). */
export const x12Warehouse: ConnectorDefinition = {
  kind: 'x12-3pl',
  open: (system, secrets, book) => {
    const partner = partnerOf(system);
    return {
      transport: openDropTransport({ system: system.id, drop: openDrop(system, secrets), partner, book }),
      services: x12WarehouseServices(partner),
    };
  },
  files: (system, secrets) => {
    const drop = openDrop(system, secrets);
    const options = { system: system.id, partner: partnerOf(system), drop };
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
    'x12/997': { means: 'shipments', read: readRejection },
    'x12/ta1': { means: 'shipments', read: readInterchangeRejection },
    'x12/repeated': { means: 'shipments', read: readRepeated },
    'x12/too_large': { means: 'shipments', read: readTooLarge },
    'x12/untaken': { means: 'shipments', read: readUntakenFile },
    'x12/rejected': { means: 'shipments', read: readRejected },
  },
};
