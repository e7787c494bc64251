import type { VerbInput, VerbName, VerbOutput } from '#sync-engine/connectors/services.ts';

/**
 * One call of a business service of a system, under that connector's limits and breaker.
 * @throws ConnectorError
 */
export type ConnectorCall = <V extends VerbName>(
  system: string,
  verb: V,
  input: VerbInput<V>,
) => Promise<VerbOutput<V>>;
