import type { System } from '#contracts/v1/estate.ts';

/** Internal ids of the account's locations, as the estate file maps them (`location.<id>`). */
export const erpLocations = (settings: System['settings']): { id: string; location: string }[] =>
  Object.entries(settings).flatMap(([name, id]) =>
    name.startsWith('location.') ? [{ id, location: name.slice('location.'.length) }] : [],
  );
