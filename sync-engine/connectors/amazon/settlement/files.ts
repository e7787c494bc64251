import { createHash } from 'node:crypto';
import type { System } from '#contracts/v1/estate.ts';
import type { FileExchange } from '../../../files/file-exchange.ts';
import { openFolderDrop } from '../../../files/folder-drop.ts';
import { pollMsOf } from '../../../files/open-drop.ts';
import type { FetchedMessage } from '../../../intake/fetched-message.ts';
import type { MessageContext, Reading } from '../../topics.ts';

/** What fits a message beside its headers. */
const MOST_BYTES = 900_000;
const SHOWN_BYTES = 2_000;

/** Settlement reports are taken from the folder that the setting `drop.in` names, where it names one. */
export function settlementFiles(system: System): FileExchange | undefined {
  const inbox = system.settings['drop.in'];
  if (inbox === undefined || inbox === '') return undefined;
  return {
    // Nothing is left for Amazon there.
    drop: openFolderDrop({ inbox, outbox: inbox }),
    pollMs: pollMsOf(system),
    take: async (_name, bytes) => ({ messages: [messageOf(bytes)], note: nothing, answer: nothing }),
    untaken: (file, bytes, reason) => refusal(`${file} could not be taken: ${reason.slice(0, 500)}`, bytes),
  };
}

const nothing = () => Promise.resolve();
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const messageOf = (bytes: Uint8Array): FetchedMessage =>
  bytes.length <= MOST_BYTES
    ? { topic: 'settlement.report', deliveryId: digestOf(bytes), body: bytes }
    : refusal(
        `The report has ${bytes.length} bytes, and ${MOST_BYTES} fit. It is kept in the folder's archive. It begins: ${Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('latin1')}`,
        bytes,
      );

const refusal = (message: string, bytes: Uint8Array): FetchedMessage => ({
  topic: 'settlement.untaken',
  deliveryId: digestOf(bytes),
  body: Buffer.from(message),
});

/** A report that was not taken is told of by a case. */
export const readUntaken = (body: Uint8Array, _context: MessageContext): Reading<never> => ({
  problems: [
    {
      error_class: 'validation',
      error_code: 'report_untaken',
      path: '',
      document: 'received',
      message: Buffer.from(body).toString().slice(0, 2000),
    },
  ],
});
