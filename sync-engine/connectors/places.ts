import type { System } from '#contracts/v1/estate.ts';

type Settings = System['settings'];

const SETTING = 'location.';

/** Shopify's ids stand in the estate file as its messages carry them or as global ids (`gid://shopify/Location/71`). */
const plain = (id: string): string => id.replace(/^gid:\/\/.*\//, '');

/** What a system calls a location of ours; undefined where the estate file does not say. */
export function placeOf(settings: Settings, location: string): string | undefined {
  const id = settings[SETTING + location];
  return id === undefined ? undefined : plain(id);
}

/** Locations of ours by what a system calls them. */
export const locationsByPlace = (settings: Settings = {}): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(settings).flatMap(([name, id]) =>
      name.startsWith(SETTING) ? [[plain(id), name.slice(SETTING.length)] as const] : [],
    ),
  );
