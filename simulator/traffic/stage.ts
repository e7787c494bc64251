import type { Estate } from '#contracts/v1/estate.ts';
import type { Log } from '#platform/log.ts';
import type { Conditions } from '../conditions.ts';
import { normal, scenarios } from '../scenarios/index.ts';
import {
  mildReturns,
  type ReturnsPace,
  type Scenario,
  type ScenarioWorld,
  type Troubles,
} from '../scenarios/scenario.ts';

export interface Stage {
  /** Ends the scenario that runs and begins another. Answers false for an unknown name. */
  enter(name: string, seconds?: number): boolean;
  leave(): void;
  current(): string;
  troubles(): Troubles;
  returns(): ReturnsPace;
}

/** Runs one scenario at a time; one with an end is followed by a normal day. */
export function createStage(
  context: { estate: Estate; conditions: Conditions; log: Log },
  acts: Pick<ScenarioWorld, 'rush' | 'cutOff' | 'holdAdvices'>,
): Stage {
  let scenario: Scenario = normal;
  let end: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const leave = () => {
    clearTimeout(timer);
    end?.();
    end = undefined;
  };
  const enter = (name: string, seconds?: number): boolean => {
    const next = scenarios.get(name);
    if (next === undefined) return false;
    leave();
    scenario = next;
    const duration = seconds ?? next.seconds;
    const systemsOf = (role: string) =>
      context.estate.systems.filter((system) => system.role === role).map(({ id }) => id);
    end = next.begin?.({ conditions: context.conditions, systemsOf, ...acts }, duration);
    if (duration !== undefined) timer = setTimeout(() => enter('normal'), duration * 1000);
    context.log.info({ scenario: name, seconds: duration }, 'scenario');
    return true;
  };
  return {
    enter,
    leave,
    current: () => scenario.name,
    troubles: () => scenario.troubles,
    returns: () => scenario.returns ?? mildReturns,
  };
}
