import type { BreakerState } from '#contracts/v1/connector-state.ts';
import type { SystemRole } from '#contracts/v1/estate.ts';
import type { StateWords } from './repairs.ts';

const breakers: Record<BreakerState, StateWords> = {
  closed: { condition: 'good', word: 'flowing' },
  half_open: { condition: 'warn', word: 'probing' },
  open: { condition: 'bad', word: 'breaker open' },
  paused: { condition: 'warn', word: 'paused' },
  draining: { condition: 'info', word: 'draining' },
  maintenance: { condition: 'info', word: 'maintenance' },
};

/** State of a connector's breaker, by word and shape. */
export const breakerWords = (state: BreakerState): StateWords => breakers[state];

const roles: Record<SystemRole, string> = {
  channel: 'Channel',
  erp: 'ERP',
  wms: 'Warehouse',
  tax: 'Tax',
  fraud: 'Fraud',
  payment: 'Payment',
  notification: 'Notification',
  stores: 'Stores',
  service_desk: 'Service desk',
  carrier: 'Carrier',
};

/** What a system is to the estate. */
export const roleWords = (role: SystemRole): string => roles[role];
