import { interchangeAcknowledged, type InterchangeAcknowledgment } from '../../edi/map/acknowledgment.ts';
import type { Interchange } from '../../edi/reading.ts';

/** They had it already: it was sent once more after a crash. */
const DUPLICATE = '025';

/** What the interchange acknowledgments (TA1) of a document say of interchanges of ours. */
export const answersToInterchanges = (
  interchanges: readonly Interchange[],
): (InterchangeAcknowledgment & { rejected: boolean })[] =>
  interchanges
    .filter(({ verdict }) => verdict !== 'rejected')
    .flatMap(({ acknowledgments }) => acknowledgments.map(interchangeAcknowledged))
    .map((answer) => ({ ...answer, rejected: answer.verdict === 'rejected' && answer.code !== DUPLICATE }));
