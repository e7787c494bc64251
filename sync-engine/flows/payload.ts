import type { CaseProblem } from '#contracts/v1/case.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { Worth } from '../one-person.ts';
import type { View } from './flow.ts';

/** A mapping to be tried as if it had been added. */
export interface TriedMapping {
  kind: MappingKind;
  system: string;
  code: string;
  target: string;
}

/** A payload that is canonical and valid, as the steps after it would see it. Nothing has been kept. */
export interface Understood<Data, Env> {
  canonical: unknown;
  money: Worth;
  view: View<Data>;
  env: Env;
  /** What holding it against the rules found to be in order, for people. */
  passed: string;
  /** Why policy leaves it alone. */
  skipped?: string;
  /** Where a replay would go on that came to the step that failed. */
  goOnAt(failedStep: string): string;
}

export interface NotUnderstood {
  problems: [CaseProblem, ...CaseProblem[]];
  /** Where the payload could be made canonical, and only then broke a rule. */
  canonical?: { document: unknown; money: Worth };
}

/** How a flow understands the payload that its transactions begin with. Nothing of it has an effect. */
export interface PayloadReading<Data, Env> {
  /** Steps that make a payload canonical and valid again once it or a mapping has changed, first first. */
  readonly rebuild: readonly [string, ...string[]];
  /** @param payload to be read instead of the one in force. */
  understand(view: View<Data>, env: Env, payload?: string): Promise<Understood<Data, Env> | NotUnderstood>;
  withMappings(env: Env, mappings: readonly TriedMapping[]): Env;
}
