import { createHash } from 'node:crypto';
import type { Partner } from '../../edi/partner.ts';
import type { OutSegment, OutSet } from '../../edi/write/outgoing.ts';
import { writeX12 } from '../../edi/write/write-x12.ts';
import type { Drop } from '../../files/drop.ts';
import type { ExchangeBook } from '../../files/exchange-book.ts';
import { ConnectorError, type Answer, type PreparedCall, type Transport } from '../connector.ts';
import { outgoingBody } from './contract.ts';

interface Options {
  system: string;
  drop: Drop;
  partner: Partner;
  /** Absent where nothing is ever sent. */
  book: ExchangeBook | undefined;
  /** Why a document of this name is not to be sent any more, as the answer to who sends it. */
  overtaken?: (name: string, book: ExchangeBook) => Promise<Answer | undefined>;
}

/**
 * A folder as a way to a system: a call places a document, and a repeated call finds it placed. One that looks it up finds
 * it whatever it says or, with a body, only where it says that.
 */
export function openDropTransport({ system, drop, partner, book, overtaken }: Options): Transport {
  const send = async (call: PreparedCall): Promise<Answer> => {
    if (book === undefined) throw new Error('documents cannot be sent from here');
    const name = decodeURIComponent(call.path.slice(1));
    if (call.method === 'GET') {
      const known = await book.sent(system, name);
      const meant = call.body === '' || digestOf(call.body) === known?.digest;
      return known?.written === true && meant ? placedAs(name, known.control) : answer(404, {});
    }
    return place(book, name, call.body);
  };

  const place = async (kept: ExchangeBook, name: string, body: string): Promise<Answer> => {
    const { released, ...document } = outgoingBody.parse(JSON.parse(body));
    const digest = digestOf(body);
    const refused = await overtaken?.(name, kept);
    if (refused !== undefined) return refused;
    const sent = await kept.number(system, name, { digest, ...(released && { released }) });
    if (sent.digest !== digest)
      return answer(409, { code: 'CONTENT_DIFFERS', message: `${name} was written before with another content.` });
    if (sent.written) return placedAs(name, sent.control);
    const written = writeX12(partner, {
      controlNumber: sent.control,
      at: sent.at,
      groups: [{ controlNumber: sent.control, sets: [setOf(document)] }],
    });
    if ('errors' in written)
      return answer(422, { code: 'UNWRITABLE', message: written.errors.map(({ message }) => message).join(' ') });
    await drop.put(fileOf(name, sent.control), written.bytes);
    await kept.change(system, name, { written: true });
    return placedAs(name, sent.control);
  };

  return {
    send: async (call) => {
      try {
        return await send(call);
      } catch (error) {
        if (error instanceof ConnectorError) throw error;
        const message = error instanceof Error ? error.message : 'unknown';
        throw new ConnectorError(
          {
            errorClass: 'unavailable',
            code: 'FOLDER',
            message: `The document could not be placed in the folder: ${message}`,
            retryable: true,
            mayHaveHappened: true,
          },
          { cause: error },
        );
      }
    },
    close: () => drop.close(),
  };
}

const digestOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** A name begins with the set that the document carries. */
const fileOf = (name: string, control: number): string => `${name.slice(0, 3)}-${String(control).padStart(9, '0')}.x12`;

export const answer = (status: number, body: object): Answer => ({ status, headers: {}, body: JSON.stringify(body) });
const placedAs = (name: string, control: number): Answer =>
  answer(200, { control_number: control, file: fileOf(name, control) });

/** JSON has no undefined: what an element lacks came as null. */
function setOf({ id, segments }: { id: string; segments: (string | null | (string | null)[])[][] }): OutSet {
  const elementOf = (element: string | null | (string | null)[]) =>
    Array.isArray(element) ? element.map((part) => part ?? undefined) : (element ?? undefined);
  return {
    id,
    segments: segments.map(([name, ...elements]): OutSegment => [
      typeof name === 'string' ? name : '',
      ...elements.map(elementOf),
    ]),
  };
}
