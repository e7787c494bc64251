import type { CaseProblem } from '#contracts/v1/case.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { ConnectorErrorDetail } from '../connectors/connector.ts';

/** What a call that will not be tried again comes to, for the person who has to see to it. */
export function problemOf(error: ConnectorErrorDetail, system: System, attempts: number): CaseProblem {
  const exhausted = error.retryable ? ` after ${attempts} attempts` : '';
  return {
    error_class: error.errorClass,
    error_code: error.code,
    path: error.path ?? '',
    document: 'canonical',
    message: `${system.name} did not take this${exhausted}: ${error.message}`.slice(0, 2000),
  };
}
