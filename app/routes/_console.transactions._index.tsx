import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { readPreferences } from '#app/preferences.ts';
import { presentTransactions } from '#app/presenters/transactions.ts';
import { TransactionsPage } from '#app/transactions/transactions-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.flows.find(({ id }) => id === data.flow)?.label ?? 'Transactions'} · Transactions · Syncline` },
];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'orders.read');
  const search = new URL(args.request.url).searchParams;
  return presentTransactions(args.context, { search, timeZone: readPreferences(args.request).timeZone });
}

export default function Transactions() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], flows: [view.flow], everyMs: 15_000, final: view.final });
  return <TransactionsPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
