import { type Mapping, mappingOwner } from '#contracts/v1/mapping.ts';
import type { Found } from './evaluator.ts';

/** Who is there to own something. */
export interface People {
  /** E-mail addresses of users who may sign in, in lower case. */
  users: ReadonlySet<string>;
  /** Ids of API clients that may call, and of systems of the estate. */
  callers: ReadonlySet<string>;
}

const API = 'api:';
/** Codes that are named in a warning; the rest are counted. */
const NAMED = 3;

/** An owner is a user who may sign in, or an API client that brings the mapping and may still call. Pure. */
export function isSomebody(owner: string, { users, callers }: People): boolean {
  return owner.startsWith(API) ? callers.has(owner.slice(API.length)) : users.has(owner.toLowerCase());
}

/** Mappings that nobody owns, those of one kind and system together. Pure. */
export function unownedMappings(
  mappings: Iterable<Mapping>,
  people: People,
  nameOf: (system: string) => string,
): Found[] {
  const groups = new Map<string, Mapping[]>();
  for (const one of mappings) {
    if (isSomebody(mappingOwner(one), people)) continue;
    const id = `${one.kind} ${one.system}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return [...groups].map(([id, group]) => warningOf(id, group, nameOf));
}

function warningOf(id: string, group: Mapping[], nameOf: (system: string) => string): Found {
  const [first] = group;
  if (first === undefined) throw new Error(`no mapping is in the group ${id}`);
  const name = nameOf(first.system);
  const kind = first.kind.replaceAll('_', ' ');
  const codes = group.map(({ code }) => code).sort();
  const others = codes.length - NAMED;
  const listed = `${codes.slice(0, NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  const owners = [...new Set(group.map(mappingOwner))].sort().slice(0, NAMED).join(', ');
  return {
    id,
    system: first.system,
    subject: `${name}: ${kind} mappings`,
    severity: 'warn',
    message: `Nobody owns ${codes.length} of its ${kind} mappings (${listed.slice(0, 400)}): ${owners.slice(0, 300)} cannot sign in. When one is wrong, nobody is there who knows why it is as it is.`,
    remedy: `Give each an owner: npx syncline mappings put ${first.kind} ${first.system} <code> <target> --owner <e-mail> --reason …`,
  };
}
