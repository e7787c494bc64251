import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentTransaction } from '#app/presenters/transaction-page.ts';
import { TransactionPage } from '#app/transactions/transaction-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title ?? 'Transaction'} · Syncline` },
];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'orders.read');
  return presentTransaction(args.context, viewer, { flow: args.params['flow'] ?? '', key: args.params['key'] ?? '' });
}

export default function Transaction() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], keys: [view.key], final: !view.open });
  return <TransactionPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
