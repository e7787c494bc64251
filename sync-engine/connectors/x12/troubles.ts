import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import { groupAcknowledged } from '../../edi/map/acknowledgment.ts';
import { problemsOfErrors } from '../../edi/map/problems.ts';
import { acceptedSets, readX12 } from '../../edi/read/read-x12.ts';
import type { X12Reading } from '../../edi/reading.ts';
import { allErrors } from '../../edi/reading.ts';
import type { MessageContext, Reading, ShipmentsContext, Topic } from '../topics.ts';
import { type ProfileOf, untaken } from './contract.ts';
import { answersToInterchanges } from './interchange-answers.ts';

type Read = (body: Uint8Array, context: ShipmentsContext) => Promise<Reading<Shipment[]>>;

interface Who {
  profileOf: ProfileOf;
  /** What they are called at the beginning of a sentence: "The warehouse". */
  name: string;
  /** What somebody does about a document of ours that they rejected. */
  instead: string;
  /** What a rejected file carries, once it was corrected. */
  corrected: Read;
}

/**
 * What goes wrong between us and a partner, each a case of the message that tells it: a file or set that was rejected, a
 * document of ours that they rejected, a number used twice, a file too large, one that we fail to take.
 */
export function troubleTopics({ profileOf, name, instead, corrected }: Who): Record<string, Topic> {
  const read = (body: Uint8Array, context: Pick<MessageContext, 'estate' | 'system'>): X12Reading => {
    const partner = profileOf(context);
    return readX12(body, { partners: [partner], fragmentsFrom: partner });
  };
  const them = `t${name.slice(1)}`;
  const asCase = (problems: CaseProblem[]): Reading<Shipment[]> =>
    problems.length > 0 ? { problems } : { message: [] };
  const always =
    (problem: CaseProblem): Read =>
    async () => ({ problems: [problem] });

  const rejected: Read = async (body, context) => {
    const problems = problemsOfErrors(allErrors(read(body, context)));
    return problems.length > 0 ? { problems } : corrected(body, context);
  };
  const ofSets: Read = async (body, context) =>
    asCase(
      acceptedSets(read(body, context))
        .map(groupAcknowledged)
        .filter(({ verdict }) => verdict === 'rejected' || verdict === 'partly_rejected')
        .map(({ controlNumber, sets, faults }) => {
          const words = [...faults, ...sets.flatMap((set) => set.faults)].join('; ');
          const message = `${name} rejected our document ${controlNumber}: ${words}. Agree with it what it takes, ${instead}, then discard this message.`;
          return problem('rejected', 'document_rejected', '/997[1]/AK9[1]/AK901', message);
        }),
    );
  const ofInterchanges: Read = async (body, context) =>
    asCase(
      answersToInterchanges(read(body, context).interchanges)
        .filter((answer) => answer.rejected)
        .map(({ controlNumber, fault }) => {
          const message = `${name} rejected our interchange ${controlNumber}: ${fault}. Nothing in it was taken. Agree with it what is wrong, ${instead}, then discard this message.`;
          return problem('rejected', 'interchange_rejected', '/TA1[1]/TA104', message);
        }),
    );
  const repeated = problem(
    'conflict',
    'repeated_interchange',
    '/ISA[1]/ISA13',
    `The number of this interchange was used before with another content, so nothing was taken from it. Have ${them} send it again under a number of its own, then discard this message.`,
  );
  const tooLarge = problem(
    'validation',
    'document_too_large',
    '',
    `The document is larger than a megabyte and was not taken; this is its beginning, the archive has all of it. Have ${them} send it in parts, then discard this message.`,
  );
  return {
    'x12/997': { means: 'shipments', read: ofSets },
    'x12/ta1': { means: 'shipments', read: ofInterchanges },
    'x12/repeated': { means: 'shipments', read: always(repeated) },
    'x12/too_large': { means: 'shipments', read: always(tooLarge) },
    'x12/untaken': { means: 'shipments', read: async (body) => ({ problems: [notTaken(body)] }) },
    'x12/rejected': { means: 'shipments', read: rejected },
  };
}

/** A file that our own engine fails to take. */
function notTaken(body: Uint8Array): CaseProblem {
  const told = untaken.safeParse(parseJson(body));
  const { file, reason } = told.success ? told.data : { file: '', reason: 'unknown' };
  const message = `The file ${file} could not be taken several times: ${reason}. It stays in the folder and is tried again. Where it is taken by then, discard this message.`;
  return problem('internal', 'file_not_taken', '', message);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}

/** A problem of a received document, not of any one set in it. */
export const problem = (
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem => ({ error_class, error_code, path, document: 'received', message: message.slice(0, 2000) });
