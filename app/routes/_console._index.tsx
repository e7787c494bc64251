import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { Page } from '#app/components/page.tsx';
import { useLive } from '#app/live/use-live.ts';
import { presentLive } from '#app/presenters/live.ts';
import { readTimeRange } from '#app/time-range.ts';

export const meta: MetaFunction = () => [{ title: 'Live · Syncline' }];

export async function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  const range = readTimeRange(new URL(args.request.url).searchParams, args.context.now());
  return presentLive(args.context, range);
}

export default function LivePage() {
  const live = useLoaderData<typeof loader>();
  useLive({ everyMs: 10_000 });
  return (
    <Page title="Live" lead={live.range.words}>
      <p>{live.placed} orders placed</p>
    </Page>
  );
}
