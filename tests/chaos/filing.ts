import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeWhole } from '#sync-engine/files/folder-drop.ts';
import { setOf } from '#tests/fixtures/edi.ts';
import { interchangeOfWarehouse } from '#tests/support/x12-warehouse.ts';
import type { World } from './world.ts';

export interface Filing {
  /** The third party puts a file into the folder that we take from. */
  acknowledge(): Promise<void>;
  /** Files that were not put away exactly once. */
  unfiled(): Promise<string[]>;
}

const THIRD_PARTY = 'pier-3pl';
const FILED_WITHIN_MS = 30_000;
/** Control numbers that the simulated third party does not come to. */
const CONTROL_FROM = 800_000;

/** Acknowledgements that a third party sends by file, so that the taking of files can be interrupted. */
export function createFiling(world: World): Filing {
  const folder = String(world.estate.systems.find(({ id }) => id === THIRD_PARTY)?.settings['drop.in']);
  const sent: string[] = [];

  const wrong = async (): Promise<string[]> => {
    const waiting = await readdir(folder);
    const archived = await readdir(join(folder, 'archive')).catch(() => []);
    return sent.filter(
      (name) => waiting.includes(name) || archived.filter((one) => one.endsWith(`-${name}`)).length !== 1,
    );
  };

  return {
    acknowledge: async () => {
      const control = CONTROL_FROM + sent.length;
      const name = `chaos-${control}.x12`;
      const acknowledgement = setOf('997', `AK1*OW*${control}\nAK2*940*0001\nAK5*A\nAK9*A*1*1*1`);
      await writeWhole(folder, name, interchangeOfWarehouse(control, 'FA', [acknowledgement]));
      sent.push(name);
    },
    unfiled: async () => {
      for (let waited = 0; waited < FILED_WITHIN_MS && (await wrong()).length > 0; waited += 250) await delay(250);
      return wrong();
    },
  };
}
