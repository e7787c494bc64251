import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Estate } from '#contracts/v1/estate.ts';
import { parseEstate } from '#platform/estate.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from '#simulator/create-simulator.ts';
import { immediatePace } from '#simulator/pace.ts';

/** Secret of a test estate's system by the name in config/estate.yaml. */
export const testSecret = (name: string): string => `test-${name.toLowerCase()}`;

interface Addresses {
  url?: string;
  smtpUrl?: string;
  /** Folder of what is exchanged as files. */
  ediDir?: string;
}

/**
 * The estate of config/estate.yaml; base URLs and folders lead to `simulator` where one is given. It has no maintenance
 * windows and compares nothing on a schedule: what a test sees may not depend on the time it runs.
 */
export function testEstate({ url, smtpUrl, ediDir }: Addresses = {}): Estate {
  const text = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');
  const estate = parseEstate(text, { SIMULATOR_URL: url, SIMULATOR_SMTP: smtpUrl, EDI_DIR: ediDir });
  return {
    ...estate,
    systems: estate.systems.map((system) => ({ ...system, maintenance: [] })),
    reconciliations: [],
  };
}

export const controlToken = 'test-control-token';

export type TestSimulator = Simulator & { ediDir: string };

/**
 * A simulated estate on free ports: no latency, no limits, warehouses that ship at once, no customers.
 * @param shape what a test makes of the estate.
 */
export async function startSimulator(
  options: Partial<SimulatorOptions> = {},
  shape: (estate: Estate) => Estate = (estate) => estate,
): Promise<TestSimulator> {
  const ediDir = mkdtempSync(join(tmpdir(), 'edi-'));
  const simulator = await createSimulator({
    estate: shape(testEstate({ ediDir })),
    secrets: testSecret,
    controlToken,
    latency: false,
    limits: false,
    pace: immediatePace,
    ...options,
  });
  return {
    ...simulator,
    ediDir,
    close: async () => {
      await simulator.close();
      // A drop that is just being written fills the folder again while it is emptied.
      rmSync(ediDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
