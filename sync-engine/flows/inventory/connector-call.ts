import type { Services, VerbName } from '#sync-engine/connectors/services.ts';
import type { Verb } from '#sync-engine/connectors/connector.ts';

export type VerbInput<V extends VerbName> = NonNullable<Services[V]> extends Verb<infer Input, unknown> ? Input : never;
export type VerbOutput<V extends VerbName> =
  NonNullable<Services[V]> extends Verb<infer _Input, infer Output> ? Output : never;

/**
 * One call of a business service of a system, under that connector's limits and breaker.
 * @throws ConnectorError
 */
export type ConnectorCall = <V extends VerbName>(
  system: string,
  verb: V,
  input: VerbInput<V>,
) => Promise<VerbOutput<V>>;
