import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { useLive } from '#app/live/use-live.ts';
import { PostingsPage } from '#app/postings/postings-page.tsx';
import { presentPostings } from '#app/presenters/postings.ts';

export const meta: MetaFunction = () => [{ title: 'Postings · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return presentPostings(args.context, new URL(args.request.url).searchParams);
}

export default function Postings() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], everyMs: 15_000, final: view.final });
  return <PostingsPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
