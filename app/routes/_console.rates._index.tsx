import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { setRate } from '#app/commands/rate.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRates } from '#app/presenters/rates.ts';
import { RatesPage } from '#app/rates/rates-page.tsx';

export const meta: MetaFunction = () => [{ title: 'Rates · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'figures.read');
  return presentRates(args.context, viewer, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rates.write');
  return setRate({ context: args.context, viewer, form: await args.request.formData() });
}

export default function Rates() {
  const view = useLoaderData<typeof loader>();
  useLive({ topics: [], everyMs: 5_000 });
  return <RatesPage view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
