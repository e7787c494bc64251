import { readFileSync } from 'node:fs';
import type { Estate } from '#contracts/v1/estate.ts';
import { parseEstate } from '#platform/estate.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '#simulator/create-simulator.ts';
import { immediatePace } from '#simulator/pace.ts';

/** Secret of a test estate's system by the name in config/estate.yaml. */
export const testSecret = (name: string): string => `test-${name.toLowerCase()}`;

/**
 * The estate of config/estate.yaml; base URLs lead to `simulator` where one is given. It has no maintenance windows:
 * what a test sees may not depend on the day it runs.
 */
export function testEstate(simulator?: { url: string; smtpUrl: string }): Estate {
  const text = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');
  const addresses = simulator === undefined ? {} : { SIMULATOR_URL: simulator.url, SIMULATOR_SMTP: simulator.smtpUrl };
  const estate = parseEstate(text, addresses);
  return { ...estate, systems: estate.systems.map((system) => ({ ...system, maintenance: [] })) };
}

export const controlToken = 'test-control-token';

/** A simulated estate on free ports: no latency, no limits, warehouses that ship at once, no customers. */
export function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return createSimulator({
    estate: testEstate(),
    secrets: testSecret,
    controlToken,
    latency: false,
    limits: false,
    pace: immediatePace,
    ...options,
  });
}
