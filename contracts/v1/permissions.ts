import { z } from 'zod';

export const role = z.enum(['viewer', 'operations', 'support', 'finance', 'administrator']);
export type Role = z.infer<typeof role>;

/** What somebody may do, by verb. The console and the engine both ask this table. */
export const permission = z.enum([
  'figures.read',
  'orders.read',
  'orders.control',
  'payloads.read',
  'personal_data.read',
  'cases.read',
  'cases.work',
  'cases.replay',
  'cases.discard',
  'cases.approve',
  'mappings.write',
  'rates.write',
  'rules.write',
  'users.write',
  'webhooks.write',
  'connectors.control',
  'stock.open',
  'reconciliation.run',
  'breaks.work',
  'breaks.settle',
  'query.run',
  'incidents.raise',
  'incidents.update',
  'incidents.end',
  'rejected.read',
]);
export type Permission = z.infer<typeof permission>;

const reading: readonly Permission[] = ['figures.read', 'orders.read', 'cases.read'];

const granted: Record<Role, readonly Permission[]> = {
  viewer: reading,
  finance: [
    ...reading,
    'payloads.read',
    'cases.approve',
    'reconciliation.run',
    'breaks.work',
    'breaks.settle',
    'rates.write',
    'query.run',
    'incidents.update',
  ],
  operations: [
    ...reading,
    'payloads.read',
    'orders.control',
    'cases.work',
    'cases.replay',
    'cases.discard',
    'cases.approve',
    'rules.write',
    'connectors.control',
    'stock.open',
    'reconciliation.run',
    'breaks.work',
    'query.run',
    'incidents.raise',
    'incidents.update',
    'incidents.end',
    'rejected.read',
  ],
  support: [
    ...reading,
    'payloads.read',
    'personal_data.read',
    'orders.control',
    'cases.work',
    'cases.replay',
    'cases.discard',
    'mappings.write',
    'rules.write',
    'incidents.update',
  ],
  administrator: permission.options,
};

export function may(roles: readonly Role[], wanted: Permission): boolean {
  return roles.some((held) => granted[held].includes(wanted));
}
