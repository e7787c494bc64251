import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { StockChangesPage } from '#app/inventory/stock-changes-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentStockChanges } from '#app/presenters/stock-changes.ts';

export const meta: MetaFunction = () => [{ title: 'Stock changes · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentStockChanges(args.context, new URL(args.request.url).searchParams);
}

export default function StockChanges() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['steps'], everyMs: 15_000, final: view.final });
  return <StockChangesPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
