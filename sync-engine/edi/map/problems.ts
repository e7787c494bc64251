import type { CaseProblem } from '#contracts/v1/case.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { X12SetName } from '#contracts/x12/walk.ts';
import type { X12Error } from '../errors.ts';
import { placeOf, placeOfMissing } from '../read/places.ts';
import type { Segment } from '../reading.ts';

/** A case has at most this many problems. */
const mostProblems = 100;

/** What reading a document found, as problems of a case. An error that was only noted stops nothing and is none. */
export function problemsOfErrors(errors: readonly X12Error[]): CaseProblem[] {
  return errors
    .filter(({ effect }) => effect === 'rejects')
    .slice(0, mostProblems)
    .map(({ level, code, path, message, remedy }) => ({
      error_class: 'validation',
      error_code: `x12_${level}_${code}`,
      path: path.slice(0, 500),
      document: 'received',
      message: `${message} ${remedy}`.slice(0, 2000),
    }));
}

/** Collects what is wrong with the meaning of one set, each problem at its segment and element. */
export class Problems {
  readonly all: CaseProblem[] = [];

  constructor(readonly set: X12SetName) {}

  add(
    error_class: CaseProblem['error_class'],
    error_code: string,
    segment: Segment,
    element: number | undefined,
    message: string,
  ): void {
    const { path } = placeOf(segment, this.set, element === undefined ? undefined : { number: element });
    this.push({ error_class, error_code, path, document: 'received', message });
  }

  /** A segment that is missing behind another; behind ST, in the set. */
  addMissing(error_code: string, id: string, behind: Segment, message: string): void {
    const { path } = placeOfMissing(id, behind, this.set);
    this.push({ error_class: 'validation', error_code, path, document: 'received', message });
  }

  /** A code of the partner's that a mapping would explain. */
  addUnmapped(
    missing: { kind: MappingKind; system: string; code: string },
    error_code: string,
    segment: Segment,
    element: number,
    message: string,
  ): void {
    const { path } = placeOf(segment, this.set, { number: element });
    const missing_mapping = { ...missing, code: missing.code.slice(0, 200) };
    this.push({ error_class: 'mapping', error_code, path, document: 'received', message, missing_mapping });
  }

  push(problem: CaseProblem): void {
    const short = { ...problem, path: problem.path.slice(0, 500), message: problem.message.slice(0, 2000) };
    if (this.all.length < mostProblems) this.all.push(short);
  }
}
