import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { RunbookList } from '#app/runbooks/runbook-list.tsx';

export const meta: MetaFunction = () => [{ title: 'Runbooks · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'cases.read');
  return null;
}

export default function Runbooks() {
  return <RunbookList />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
