import { z } from 'zod';
import type { System } from '#contracts/v1/estate.ts';

const identity = z.object({ qualifier: z.string(), id: z.string(), group: z.string() });
/** The same agreement as Syncline's, seen from the other side. */
const profile = z.object({
  us: identity,
  them: identity,
  fragments: z.boolean().default(false),
  locations: z.record(z.string(), z.string()).default({}),
});

export const agreementOf = (system: System) => profile.parse(system.partner);

export const settingOf = ({ id, settings }: System, name: string): string => {
  const value = settings[name];
  if (value === undefined) throw new Error(`The system "${id}" has no setting "${name}" in the estate file.`);
  return value;
};
