import type { Estate, SystemRole } from '#contracts/v1/estate.ts';
import { isStep, stepLabel } from './steps.ts';

/** What pages need of the estate to speak of it: small enough to travel with every page. */
export interface EstateNames {
  systems: Record<string, { name: string; role: SystemRole; adminUrl: string }>;
  channels: Record<string, { name: string; system: string }>;
  entities: Record<string, string>;
  locations: Record<string, string>;
}

export function estateNames(estate: Estate): EstateNames {
  return {
    systems: Object.fromEntries(
      estate.systems.map((item) => [
        item.id,
        { name: item.name, role: item.role, adminUrl: item.settings['admin_url'] ?? '' },
      ]),
    ),
    channels: Object.fromEntries(estate.channels.map((item) => [item.id, { name: item.name, system: item.system }])),
    entities: Object.fromEntries(estate.legal_entities.map((item) => [item.id, item.name])),
    locations: Object.fromEntries(estate.locations.map((item) => [item.id, item.name])),
  };
}

/** A system's name; the engine's own steps belong to Syncline. */
export function systemName(names: EstateNames, id: string): string {
  return id === '' || id === 'syncline' ? 'Syncline' : (names.systems[id]?.name ?? id);
}

const byRole: Record<SystemRole, string> = {
  channel: 'var(--category-1)',
  erp: 'var(--category-2)',
  wms: 'var(--category-3)',
  tax: 'var(--category-4)',
  fraud: 'var(--category-4)',
  payment: 'var(--category-5)',
  notification: 'var(--category-6)',
  service_desk: 'var(--category-6)',
  carrier: 'var(--category-3)',
  stores: 'var(--category-6)',
};

/** The colour that stays with a system everywhere; the engine itself is neutral. */
export function systemColour(names: EstateNames, id: string): string {
  const system = names.systems[id];
  return system ? byRole[system.role] : 'var(--muted)';
}

/**
 * Address of a record in the vendor's own admin, from the pattern `admin_url` of the system's settings, in which
 * `{id}` stands for the record's id there; empty where no pattern is given. Only http and https are followed.
 */
export function adminLink(names: EstateNames, system: string, id: string): string {
  const pattern = names.systems[system]?.adminUrl ?? '';
  if (id === '' || !/^https?:\/\//.test(pattern)) return '';
  return pattern.replace('{id}', encodeURIComponent(id));
}

/**
 * The engine's text as people say it: ids of systems, locations and channels become their names, steps their labels.
 * An id that is also an ordinary word counts only behind a preposition, or where a sentence begins: no sentence begins
 * with a small letter otherwise. In quotation marks an id counts only where the word before says what it is.
 */
export function inWords(text: string, names: EstateNames): string {
  const nameOf = (id: string) => names.systems[id]?.name ?? names.locations[id] ?? names.channels[id]?.name;
  return text
    .replace(/\b(past|(?:stopped|failed|ended) at) ([a-z]+(?:_[a-z]+)*)\b/g, (all, before: string, step: string) =>
      isStep(step) ? `${before} “${stepLabel(step)}”` : all,
    )
    .replace(/(?<![\w/@.“"=-])([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w/@=-])/g, (id) => nameOf(id) ?? id)
    .replace(/\b(system|channel|location|place) "([a-z0-9-]+)"/g, (all, what: string, id: string) => {
      const name = nameOf(id);
      return name === undefined ? all : `${what} “${name}”`;
    })
    .replace(/(^|[.!?] )([a-z][a-z0-9]*)(?= [a-z])/g, (all, before: string, id: string) => {
      const name = nameOf(id);
      return name === undefined ? all : `${before}${name}`;
    })
    .replace(/\b(in|at|to|from|by|of|for|with) ([a-z][a-z0-9]*)(?![\w/@=-])/g, (all, before: string, id: string) => {
      const name = nameOf(id);
      return name === undefined ? all : `${before} ${name}`;
    });
}
