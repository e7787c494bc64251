import {
  Activity,
  BookCheck,
  Boxes,
  Cable,
  Coins,
  DatabaseZap,
  FileX2,
  Inbox,
  ListFilter,
  Megaphone,
  PackageSearch,
  Rocket,
  Scale,
  Store,
  Undo2,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import { may, type Permission, type Role } from '#contracts/v1/permissions.ts';

export interface Place {
  path: string;
  /** Pages elsewhere that belong to it. */
  also?: string;
  label: string;
  icon: LucideIcon;
  permission: Permission;
  /** Second key of the shortcut that begins with G. */
  shortcut: string;
  /** Reached by the palette, its shortcut and figures only: there is seldom anything to see. */
  aside?: true;
}

/** Where the rail, the palette and the shortcuts lead: only what exists. */
const places: readonly Place[] = [
  { path: '/', label: 'Live', icon: Activity, permission: 'figures.read', shortcut: 'l' },
  { path: '/orders', label: 'Orders', icon: PackageSearch, permission: 'orders.read', shortcut: 'o' },
  {
    path: '/inventory',
    also: '/stock-changes',
    label: 'Inventory',
    icon: Boxes,
    permission: 'figures.read',
    shortcut: 'i',
  },
  { path: '/transactions', label: 'Explore', icon: ListFilter, permission: 'orders.read', shortcut: 'e' },
  { path: '/returns', label: 'Returns', icon: Undo2, permission: 'orders.read', shortcut: 'r' },
  { path: '/incidents', label: 'Incidents', icon: Megaphone, permission: 'figures.read', shortcut: 'd' },
  { path: '/stores', label: 'Stores', icon: Store, permission: 'figures.read', shortcut: 's' },
  { path: '/quarantine', also: '/runbooks', label: 'Quarantine', icon: Inbox, permission: 'cases.read', shortcut: 'q' },
  { path: '/postings', label: 'Postings', icon: BookCheck, permission: 'figures.read', shortcut: 'p' },
  { path: '/reconciliation', label: 'Reconcile', icon: Scale, permission: 'figures.read', shortcut: 'c' },
  { path: '/rates', label: 'Rates', icon: Coins, permission: 'figures.read', shortcut: 'f' },
  { path: '/connectors', label: 'Connectors', icon: Cable, permission: 'figures.read', shortcut: 'n' },
  { path: '/going-live', label: 'Going live', icon: Rocket, permission: 'figures.read', shortcut: 'v' },
  { path: '/query', label: 'Query', icon: DatabaseZap, permission: 'query.run', shortcut: 'y' },
  { path: '/webhooks', label: 'Webhooks', icon: Webhook, permission: 'figures.read', shortcut: 'w' },
  {
    path: '/rejected',
    label: 'Rejected events',
    icon: FileX2,
    permission: 'rejected.read',
    shortcut: 'x',
    aside: true,
  },
];

/** The places that somebody of these roles may enter. */
export const placesOf = (roles: readonly Role[]): readonly Place[] =>
  places.filter(({ permission }) => may(roles, permission));

/** Whether a page is in this place. */
export const isIn = ({ path, also }: Place, pathname: string): boolean =>
  path === '/' ? pathname === '/' : [path, also].some((one) => one !== undefined && pathname.startsWith(one));
