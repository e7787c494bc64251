import type { UnknownWarning, Warning, WarningKind } from '#contracts/v1/warning.ts';

/** What holds at this moment. `since` is the moment it was first found, unless it says so itself. */
export type Found = Omit<Warning, 'since'> & Partial<Pick<Warning, 'since'>>;

export interface Findings {
  warnings: Found[];
  /** What could not be looked at: what was found of it before is still warned of. */
  unknown: UnknownWarning[];
}

/** Looks for warnings of one kind. */
export interface Evaluator {
  readonly kind: WarningKind;
  /** Milliseconds from one evaluation to the next. */
  readonly everyMs: number;
  /**
   * All that holds now. Once the signal aborts it looks at nothing more.
   * @throws where the whole kind cannot be evaluated: what was found before stays
   */
  evaluate(signal: AbortSignal): Promise<Findings>;
}
