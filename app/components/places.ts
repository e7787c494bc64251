import {
  Activity,
  BookCheck,
  Cable,
  Inbox,
  PackageSearch,
  Scale,
  Store,
  Undo2,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import type { Permission } from '#contracts/v1/permissions.ts';

export interface Place {
  path: string;
  /** Pages elsewhere that belong to it. */
  also?: string;
  label: string;
  icon: LucideIcon;
  permission: Permission;
  /** Second key of the shortcut that begins with G. */
  shortcut: string;
}

/** Where the rail, the palette and the shortcuts lead: only what exists. */
export const places: readonly Place[] = [
  { path: '/', label: 'Live', icon: Activity, permission: 'figures.read', shortcut: 'l' },
  { path: '/orders', label: 'Orders', icon: PackageSearch, permission: 'orders.read', shortcut: 'o' },
  { path: '/returns', label: 'Returns', icon: Undo2, permission: 'orders.read', shortcut: 'r' },
  { path: '/stores', label: 'Stores', icon: Store, permission: 'figures.read', shortcut: 's' },
  { path: '/quarantine', also: '/runbooks', label: 'Quarantine', icon: Inbox, permission: 'cases.read', shortcut: 'q' },
  { path: '/postings', label: 'Postings', icon: BookCheck, permission: 'figures.read', shortcut: 'p' },
  { path: '/reconciliation', label: 'Reconcile', icon: Scale, permission: 'figures.read', shortcut: 'c' },
  { path: '/connectors', label: 'Connectors', icon: Cable, permission: 'figures.read', shortcut: 'n' },
  { path: '/webhooks', label: 'Webhooks', icon: Webhook, permission: 'figures.read', shortcut: 'w' },
];

/** Whether a page is in this place. */
export const isIn = ({ path, also }: Place, pathname: string): boolean =>
  path === '/' ? pathname === '/' : [path, also].some((one) => one !== undefined && pathname.startsWith(one));
