import { z } from 'zod';
import type { Permission } from '#contracts/v1/permissions.ts';
import { instant } from '#contracts/v1/primitives.ts';

/** Lists whose filters, order and columns can be saved under a name, each with what it takes to see it. */
export const savableLists = {
  orders: { path: '/orders', permission: 'orders.read' },
  quarantine: { path: '/quarantine', permission: 'cases.read' },
  inventory: { path: '/inventory', permission: 'figures.read' },
  transactions: { path: '/transactions', permission: 'orders.read' },
  returns: { path: '/returns', permission: 'orders.read' },
  postings: { path: '/postings', permission: 'figures.read' },
  'stock-changes': { path: '/stock-changes', permission: 'figures.read' },
  stores: { path: '/stores', permission: 'figures.read' },
  reconciliation: { path: '/reconciliation', permission: 'figures.read' },
  incidents: { path: '/incidents', permission: 'figures.read' },
  rejected: { path: '/rejected', permission: 'rejected.read' },
  rates: { path: '/rates', permission: 'figures.read' },
} as const satisfies Record<string, { path: string; permission: Permission }>;
export type SavableList = keyof typeof savableLists;

export const savableList = z.enum(Object.keys(savableLists) as [SavableList, ...SavableList[]]);

/** Query of an address without the page, which is a place and no view. */
export const viewSearch = z
  .string()
  .max(2_000)
  .transform((text) => {
    const search = new URLSearchParams(text);
    search.delete('page');
    return search.toString();
  });

export const savedView = z.object({
  id: z.string().regex(/^[a-z0-9]{12}$/),
  list: savableList,
  name: z.string().trim().min(1).max(80),
  search: viewSearch,
  /** User who saved it, and who alone may delete it. */
  owner: z.string(),
  owner_name: z.string(),
  /** Offered to everybody who may see the list. */
  shared: z.boolean(),
  saved_at: instant,
});
export type SavedView = z.infer<typeof savedView>;

/** What a viewer is told of a view. */
export interface OfferedView {
  id: string;
  name: string;
  path: string;
  search: string;
  shared: boolean;
  mine: boolean;
  /** Empty for a view that comes with the console. */
  ownerName: string;
}

/** A view everybody has who may do what it is for. */
interface StandingView {
  id: string;
  list: SavableList;
  name: string;
  search: string;
  permission: Permission;
}

export const standingViews: readonly StandingView[] = [
  {
    id: 'mentions',
    list: 'quarantine',
    name: 'Mentions me',
    search: 'for=mentions',
    permission: 'cases.read',
  },
  {
    id: 'my-approval',
    list: 'quarantine',
    name: 'Waiting for my approval',
    search: 'for=approval',
    permission: 'cases.approve',
  },
];
