import type { CaseProblem } from '#contracts/v1/case.ts';
import { x12Path } from '#contracts/x12/path.ts';
import type { Partner } from '../partner.ts';
import { acceptedSets, readX12 } from '../read/read-x12.ts';
import { allErrors } from '../reading.ts';
import type { ReceivedSet } from './loops.ts';
import { problemsOfErrors } from './problems.ts';

export type SingleSet = { received: ReceivedSet } | { problems: CaseProblem[] };

/**
 * Reads a document that carries one transaction: an interchange around one set, or the set alone where the partner may
 * send such. Other sets than the one wanted, or more than one of it, are a problem; so is everything that rejects it.
 */
export function readSingleSet(raw: string | Uint8Array, id: string, partner: Partner): SingleSet {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw;
  const reading = readX12(bytes, { partners: [partner], fragmentsFrom: partner });
  const sets = reading.interchanges.flatMap(({ groups }) => groups.flatMap((group) => group.sets));
  const [first, second] = sets;
  if (second !== undefined)
    return {
      problems: [
        problem(
          'several_sets',
          x12Path({ set: second.name }),
          'There is more than one transaction set in it. Keep one.',
        ),
      ],
    };
  const rejecting = problemsOfErrors(allErrors(reading));
  if (rejecting.length > 0) return { problems: rejecting };
  const [received] = acceptedSets(reading);
  if (received?.set.id === id) return { received };
  // A strict partner's set is rejected by errors that others would only note.
  const noted = problemsOfErrors(allErrors(reading).map((error) => ({ ...error, effect: 'rejects' })));
  if (noted.length > 0 && first !== undefined) return { problems: noted };
  const place = first === undefined ? '' : x12Path({ set: first.name });
  return { problems: [problem('no_such_set', place, `There is no transaction set ${id} in it. Add it.`)] };
}

const problem = (error_code: string, path: string, message: string): CaseProblem => ({
  error_class: 'validation',
  error_code,
  path,
  document: 'received',
  message,
});
