import { createHash } from 'node:crypto';
import { groupAcknowledged } from '../../edi/map/acknowledgment.ts';
import { answersToInterchanges } from './interchange-answers.ts';
import type { Partner } from '../../edi/partner.ts';
import { acceptedSets, readX12 } from '../../edi/read/read-x12.ts';
import type { Interchange } from '../../edi/reading.ts';
import { acknowledgeGroups, acknowledgeInterchange } from '../../edi/write/acknowledge.ts';
import { documentOfSet } from '../../edi/write/document-of-set.ts';
import type { OutInterchange, OutSegment } from '../../edi/write/outgoing.ts';
import { writeX12 } from '../../edi/write/write-x12.ts';
import type { Drop } from '../../files/drop.ts';
import type { ExchangeBook } from '../../files/exchange-book.ts';
import type { FileExchange, TakenFile } from '../../files/file-exchange.ts';
import type { FetchedMessage } from '../../intake/fetched-message.ts';

/** A set that was accepted, with where it came in. */
export type Received = ReturnType<typeof acceptedSets>[number];

export interface ReceiveOptions {
  system: string;
  partner: Partner;
  /** Where answers go. */
  drop: Pick<Drop, 'put'>;
  /** Topic of an accepted set; `x12/<its id>` unless said. */
  topicOf?: (received: Received) => string;
  /** What is noted of an accepted set beside its message. */
  note?: (received: Received, book: ExchangeBook) => Promise<void>;
}

/** A message is one of NATS, which takes no more than this; headers need some of it. */
const MOST_BYTES = 1_000_000;
const SHOWN_BYTES = 10_000;
const digestOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/**
 * A file of a partner: each accepted set is a message, what rejects is one, and every interchange is answered once. An
 * interchange number that was seen is not taken again, whatever stands in it, and answered as a duplicate (TA1, 025).
 */
export async function receiveFile(
  name: string,
  bytes: Uint8Array,
  book: ExchangeBook,
  options: ReceiveOptions,
): Promise<TakenFile> {
  const { system, partner, topicOf } = options;
  const reading = readX12(bytes, { partners: [partner], fragmentsFrom: partner });
  const digest = digestOf(bytes);
  const repeated = new Set<Interchange>();
  let otherContent = false;
  const again = new Set<Interchange>();
  for (const interchange of reading.interchanges) {
    const { header } = interchange;
    const known = header && (await book.taken(system, header.controlNumber));
    if (known === undefined) continue;
    // The same file under the same name is our own second attempt, after a crash, or was never put away.
    (known.digest === digest && known.file === name ? again : repeated).add(interchange);
    otherContent ||= known.digest !== digest;
  }
  const fresh = reading.interchanges.filter((one) => !repeated.has(one) && !again.has(one));
  const sets = acceptedSets(reading)
    .map((received, i) => ({ ...received, deliveryId: `${digest.slice(0, 32)}-${i}` }))
    .filter(({ interchange }) => fresh.includes(interchange));
  const messages: FetchedMessage[] = sets
    .filter((received) => received.set.id !== '997' || rejects(received))
    .map(({ deliveryId, ...received }) => ({
      topic: topicOf?.(received) ?? `x12/${received.set.id}`,
      deliveryId,
      body: documentOfSet(reading, received),
    }));
  // What belongs to no interchange was told with those of this very file, where they came before.
  const newFile = fresh.length > 0 || reading.interchanges.length === 0 || otherContent;
  const wrong = (newFile && reading.errors.some(({ effect }) => effect === 'rejects')) || fresh.some(isWrong);
  if (wrong) messages.push({ topic: 'x12/rejected', deliveryId: digest, body: bytes });

  const answers = answersToInterchanges(fresh);
  if (answers.some(({ rejected }) => rejected))
    messages.push({ topic: 'x12/ta1', deliveryId: `${digest}-ta1`, body: bytes });
  if (otherContent) messages.push({ topic: 'x12/repeated', deliveryId: digest, body: bytes });

  return {
    messages: messages.map(fitting),
    note: async () => {
      for (const received of sets) {
        await options.note?.(received, book);
        await noteAcknowledgment(received, book, system);
      }
      for (const answer of answers) await noteAnswer(answer.controlNumber, answer.rejected, book, system);
      for (const { header } of reading.interchanges)
        if (header !== undefined) await book.take(system, header.controlNumber, { digest, file: name });
    },
    answer: async () => {
      for (const [i, interchange] of reading.interchanges.entries()) {
        const answerName = `answer-${digest}-${i}-${repeated.has(interchange) ? name : ''}`;
        const answer = repeated.has(interchange) ? duplicateAnswer(interchange) : answerTo(interchange);
        if (answer !== undefined) await writeAnswer(answerName, answer, book, options);
      }
    },
  };
}

/** Tells of a file that our own engine fails to take. */
export const untakenFile: FileExchange['untaken'] = (file, bytes, reason) => ({
  topic: 'x12/untaken',
  deliveryId: digestOf(Buffer.concat([Buffer.from(`${file}\n`), bytes])),
  body: Buffer.from(JSON.stringify({ file, reason: reason.slice(0, 500) })),
});

/** A document that no message can hold is told of by its beginning; the whole of it is in the archive. */
const fitting = (message: FetchedMessage): FetchedMessage =>
  message.body.length <= MOST_BYTES
    ? message
    : { ...message, topic: 'x12/too_large', body: message.body.subarray(0, SHOWN_BYTES) };

const isWrong = ({ verdict, groups }: Interchange): boolean =>
  verdict === 'rejected' ||
  groups.some((group) => group.verdict === 'rejected' || group.sets.some((set) => set.verdict === 'rejected'));

function rejects(received: Received): boolean {
  const { verdict } = groupAcknowledged(received);
  return verdict === 'rejected' || verdict === 'partly_rejected';
}

/** What a functional acknowledgment says about a document of ours. */
async function noteAcknowledgment(received: Received, book: ExchangeBook, system: string): Promise<void> {
  if (received.set.id !== '997') return;
  await noteAnswer(groupAcknowledged(received).controlNumber, rejects(received), book, system);
}

async function noteAnswer(control: string, rejected: boolean, book: ExchangeBook, system: string): Promise<void> {
  const name = await book.nameOf(system, Number(control));
  if (name !== undefined) await book.change(system, name, { acknowledged: rejected ? 'rejected' : 'accepted' });
}

type Answer = Pick<OutInterchange, 'acknowledgments'> & { sets: ReturnType<typeof acknowledgeGroups> };

function answerTo(interchange: Interchange): Answer | undefined {
  const sets = acknowledgeGroups(interchange);
  const ta1 = acknowledgeInterchange(interchange);
  if (sets.length === 0 && ta1 === undefined) return undefined;
  return { sets, ...(ta1 && { acknowledgments: [ta1] }) };
}

function duplicateAnswer({ header }: Interchange): Answer | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header.controlNumber)) return undefined;
  const ta1: OutSegment = ['TA1', header.controlNumber.padStart(9, '0'), header.date, header.time, 'R', '025'];
  return { sets: [], acknowledgments: [ta1] };
}

/** The same answer has the same control number and file name, and once it lies there it is not written again. */
async function writeAnswer(
  name: string,
  { sets, acknowledgments }: Answer,
  book: ExchangeBook,
  { system, partner, drop }: ReceiveOptions,
): Promise<void> {
  const { control, at, written } = await book.number(system, name, { digest: digestOf(JSON.stringify(sets)) });
  if (written) return;
  const result = writeX12(partner, {
    controlNumber: control,
    at,
    groups: sets.length === 0 ? [] : [{ controlNumber: control, sets }],
    ...(acknowledgments && { acknowledgments }),
  });
  if ('errors' in result) throw new Error(`an answer cannot be written: ${result.errors[0]?.message ?? ''}`);
  await drop.put(`${sets.length === 0 ? 'TA1' : '997'}-${String(control).padStart(9, '0')}.x12`, result.bytes);
  await book.change(system, name, { written: true });
}
