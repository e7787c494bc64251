import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { SkuPage } from '#app/inventory/sku-page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentSku } from '#app/presenters/sku.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.sku ?? 'SKU'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentSku(args.context, args.params['sku'] ?? '', new URL(args.request.url).searchParams);
}

export default function Sku() {
  useLive({ topics: ['steps', 'cases'], everyMs: 10_000 });
  return <SkuPage view={useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
