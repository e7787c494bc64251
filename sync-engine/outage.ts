import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/nats-core';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Stopped } from './flows/flow.ts';
import { ReservedElsewhere, StockUnavailable } from './stock/request.ts';

const outages = [
  StockUnavailable,
  ReservedElsewhere,
  TimeoutError,
  RequestError,
  NoRespondersError,
  PermissionViolationError,
  ConnectionError,
  ClosedConnectionError,
  DrainingConnectionError,
  JetStreamError,
  JetStreamApiError,
] as const;

/** Something the engine itself stands on does not answer: whatever failed so is tried again, however often it takes. */
export const isOutage = (error: unknown): boolean => outages.some((kind) => error instanceof kind);

/** What a defect of ours comes to: a person sees it, and a replay tries again once it is mended. */
export function defectProblem(error: unknown): CaseProblem {
  const message = error instanceof Error ? error.message : String(error);
  return {
    error_class: 'internal',
    error_code: error instanceof Error ? error.name : 'defect',
    path: '',
    document: 'canonical',
    message: `Syncline could not process this: ${message}`.slice(0, 2000),
  };
}

/** Runs what a flow says of itself. A defect in it becomes a case: tried for ever, nobody would ever see it. */
export async function orProblem<T>(run: () => Promise<T> | T): Promise<T | Stopped> {
  try {
    return await run();
  } catch (error) {
    if (isOutage(error)) throw error;
    return { status: 'quarantined', problems: [defectProblem(error)] };
  }
}
