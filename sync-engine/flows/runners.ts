import type { Flow } from '#contracts/v1/step-event.ts';
import type { Runner } from './runner.ts';

/** Every flow the engine runs, by name. Their data differ, so whoever looks one up treats it as unknown. */
export type Runners = ReadonlyMap<Flow, Runner<unknown, unknown>>;
