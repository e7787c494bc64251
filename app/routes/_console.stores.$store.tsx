import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentStore } from '#app/presenters/stores.ts';
import { StorePage } from '#app/stores/store-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Store'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentStore(args.context, args.params['store'] ?? '');
}

export default function Store() {
  const store = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], flows: ['store_settlement'], everyMs: 15_000 });
  return <StorePage store={store} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
