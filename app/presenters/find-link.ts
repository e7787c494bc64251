import type { IncidentLink } from '#contracts/v1/incident.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { linkOfAddress, linkOfKey } from '#app/incidents/links.ts';
import type { AppContext } from '#app/server/context.ts';
import { exists } from './incident-links.ts';
import { presentSearch } from './search.ts';

export type FoundLink = { link: IncidentLink } | { problem: string };

const noSuchThing = 'Nothing is found by that. Paste the address of a page, or write a number exactly.';

/**
 * What somebody means to link: a choice of the form, the address of a page, or what the search finds by a number or a
 * name, if it finds one thing only.
 */
export async function findLink(context: AppContext, viewer: Viewer, typed: string): Promise<FoundLink> {
  const text = typed.trim().slice(0, 500);
  if (text === '') return { problem: 'Say what is to be linked: paste the address of its page, or write its number.' };
  const named = linkOfKey(text) ?? linkOfAddress(text);
  if (named !== undefined) return (await exists(context, named)) ? { link: named } : { problem: noSuchThing };
  const { groups } = await presentSearch(context, viewer, text);
  const found = groups.flatMap(({ items }) => items).filter(({ path }) => linkOfAddress(path) !== undefined);
  const exactly = found.filter(({ label }) => label.toLowerCase() === text.toLowerCase());
  const [one, ...others] = exactly.length > 0 ? exactly : found;
  if (one === undefined) return { problem: noSuchThing };
  if (others.length > 0)
    return { problem: `${text} may be ${found.length} things. Open the one that is meant and paste its address.` };
  const link = linkOfAddress(one.path);
  return link === undefined ? { problem: noSuchThing } : { link };
}
