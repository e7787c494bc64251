import type { CaseProblem } from '#contracts/v1/case.ts';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import { groupAcknowledged } from '../../edi/map/acknowledgment.ts';
import { segmentOf, value } from '../../edi/map/loops.ts';
import { countsOfInventory } from '../../edi/map/inventory.ts';
import { changesOfReceipt } from '../../edi/map/receipt.ts';
import { problemsOfErrors } from '../../edi/map/problems.ts';
import { shipmentsOfAdvice } from '../../edi/map/shipping-advice.ts';
import { readSingleSet } from '../../edi/map/single-set.ts';
import type { Partner } from '../../edi/partner.ts';
import { acceptedSets, readX12, type ReadPolicy } from '../../edi/read/read-x12.ts';
import { allErrors } from '../../edi/reading.ts';
import type { MessageContext, Reading, ShipmentsContext } from '../topics.ts';
import { partnerOf, untaken } from './contract.ts';
import { answersToInterchanges } from './interchange-answers.ts';

/** The profile of the system a message came from. */
function profileOf({ estate, system }: Pick<MessageContext, 'estate' | 'system'>): Partner {
  const found: System | undefined = estate.systems.find(({ id }) => id === system);
  if (found === undefined) throw new Error(`the estate no longer declares the system "${system}"`);
  return partnerOf(found);
}

/** As its files were read. */
function policyOf(context: Pick<MessageContext, 'estate' | 'system'>): ReadPolicy {
  const partner = profileOf(context);
  return { partners: [partner], fragmentsFrom: partner };
}

/** A shipping advice (945) of one set. */
export async function readAdvice(body: Uint8Array, context: ShipmentsContext): Promise<Reading<Shipment[]>> {
  const partner = profileOf(context);
  const read = readSingleSet(body, '945', partner);
  if ('problems' in read) return read;
  const number = value(segmentOf(read.received.set.content, 'W06'), 2) ?? '';
  const order = await context.released(number);
  return shipmentsOfAdvice(read.received, {
    partner,
    system: context.system,
    mapping: context.mapping,
    released: (wanted) => (wanted === number ? order : undefined),
  });
}

/** A stock transfer receipt (944): what was received. */
export const readReceipt = stockReader('944', changesOfReceipt);

/** An inventory advice (846): what was counted. */
export const readCounts = stockReader('846', countsOfInventory);

function stockReader(id: string, changes: typeof changesOfReceipt) {
  return (body: Uint8Array, context: MessageContext): Reading<StockChange[]> => {
    const partner = profileOf(context);
    const read = readSingleSet(body, id, partner);
    if ('problems' in read) return read;
    return changes(read.received, { partner, system: context.system, mapping: context.mapping });
  };
}

/** A file that was not taken, or not all of it: what is wrong with it; once corrected, the shipping advice it carries. */
export async function readRejected(body: Uint8Array, context: ShipmentsContext): Promise<Reading<Shipment[]>> {
  const problems = problemsOfErrors(allErrors(readX12(body, policyOf(context))));
  return problems.length > 0 ? { problems } : readAdvice(body, context);
}

/** Documents whose meaning nothing takes yet are shown, never dropped. */
export async function readUntaken(): Promise<Reading<Shipment[]>> {
  const message =
    'The document is right, but this connector takes nothing from it yet. Enter by hand what it says, then discard it.';
  return { problems: [problem('validation', 'document_not_taken', '', message)] };
}

/** An interchange number that came again, with another content than the first time. */
export async function readRepeated(): Promise<Reading<Shipment[]>> {
  const message =
    'The number of this interchange was used before with another content, so nothing was taken from it. Have the warehouse send it again under a number of its own, then discard this message.';
  return { problems: [problem('conflict', 'repeated_interchange', '/ISA[1]/ISA13', message)] };
}

/** A document that is longer than a message may be. */
export async function readTooLarge(): Promise<Reading<Shipment[]>> {
  const message =
    'The document is larger than a megabyte and was not taken; this is its beginning, the archive has all of it. Have the warehouse send it in parts, then discard this message.';
  return { problems: [problem('validation', 'document_too_large', '', message)] };
}

/** A file that our own engine fails to take. */
export async function readUntakenFile(body: Uint8Array): Promise<Reading<Shipment[]>> {
  const told = untaken.safeParse(parseJson(body));
  const { file, reason } = told.success ? told.data : { file: '', reason: 'unknown' };
  const message = `The file ${file} could not be taken several times: ${reason} It stays in the folder and is tried again. Where it is taken by then, discard this message.`;
  return { problems: [problem('internal', 'file_not_taken', '', message)] };
}

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
};

/** A functional acknowledgment (997) by which the warehouse rejects what we sent. */
export async function readRejection(body: Uint8Array, context: ShipmentsContext): Promise<Reading<Shipment[]>> {
  const reading = readX12(body, policyOf(context));
  const rejected = acceptedSets(reading)
    .map(groupAcknowledged)
    .filter(({ verdict }) => verdict === 'rejected' || verdict === 'partly_rejected');
  const problems = rejected.map(({ controlNumber, sets, faults }) => {
    const words = [...faults, ...sets.flatMap((set) => set.faults)].join('; ');
    return problem(
      'rejected',
      'document_rejected',
      '/997[1]/AK9[1]/AK901',
      `The warehouse rejected our document ${controlNumber}: ${words}. Agree with it what it takes, release by hand, then discard this message.`,
    );
  });
  return problems.length > 0 ? { problems } : { message: [] };
}

/** An interchange acknowledgment (TA1) by which the warehouse rejects what we sent, whole. */
export async function readInterchangeRejection(
  body: Uint8Array,
  context: ShipmentsContext,
): Promise<Reading<Shipment[]>> {
  const answers = answersToInterchanges(readX12(body, policyOf(context)).interchanges);
  const problems = answers
    .filter(({ rejected }) => rejected)
    .map(({ controlNumber, fault }) =>
      problem(
        'rejected',
        'interchange_rejected',
        '/TA1[1]/TA104',
        `The warehouse rejected our interchange ${controlNumber}: ${fault} Nothing in it was taken. Agree with it what is wrong, release by hand, then discard this message.`,
      ),
    );
  return problems.length > 0 ? { problems } : { message: [] };
}

const problem = (
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem => ({ error_class, error_code, path, document: 'received', message: message.slice(0, 2000) });
