import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { presentQuery } from '#app/presenters/query.ts';
import { QueryPage } from '#app/query-page/query-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Query · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'query.run');
  return presentQuery(args.context, viewer, new URL(args.request.url).searchParams);
}

export default function Query() {
  const view = useLoaderData<typeof loader>();
  return <QueryPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
