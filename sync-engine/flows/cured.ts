import type { SuggestedRule } from '#contracts/v1/case.ts';
import type { Transition } from './transitions.ts';

/**
 * How a transaction goes on that would have stopped, because somebody has answered for its failure beforehand; or what
 * would cure it, where nobody may do that alone.
 */
export type Cured<Data> = Transition<Data> | { suggested_rule: SuggestedRule };
