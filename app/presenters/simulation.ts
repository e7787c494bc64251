import { simulatedData } from '#app/queries/simulated-data.ts';
import type { AppContext } from '#app/server/context.ts';

/** What must not be taken for real: the whole estate, or some of what is kept from when it was simulated. */
export type Simulation = 'estate' | 'data' | 'none';

/** A real estate becomes no simulated one while it runs: what is kept is asked for this often. */
const freshMs = 60_000;
const answers = new WeakMap<AppContext['read'], { at: number; simulation: Promise<Simulation> }>();

/** Says so on every page where figures are not, or not only, those of a real estate. */
export function simulationOf({ estate, read, now }: Pick<AppContext, 'estate' | 'read' | 'now'>): Promise<Simulation> {
  if (estate.simulated) return Promise.resolve('estate');
  const at = now().getTime();
  const known = answers.get(read);
  if (known && at - known.at < freshMs) return known.simulation;
  const simulation = read(simulatedData, {}).then(([row]): Simulation => (row === undefined ? 'none' : 'data'));
  answers.set(read, { at, simulation });
  simulation.catch(() => answers.delete(read));
  return simulation;
}
