import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { InventoryPage } from '#app/inventory/inventory-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentInventory } from '#app/presenters/inventory.ts';

export const meta: MetaFunction = () => [{ title: 'Inventory · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentInventory(args.context, new URL(args.request.url).searchParams);
}

export default function Inventory() {
  // Freshness is of now, whatever the range: an item grows stale although nothing happens.
  useLive({ topics: ['steps', 'cases'], everyMs: 10_000 });
  return <InventoryPage view={useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
