import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { controlOrder } from '#app/commands/order.ts';
import { useLive } from '#app/live/use-live.ts';
import { OrderPage } from '#app/orders/order-page.tsx';
import { presentOrder } from '#app/presenters/order-detail.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `Order ${data?.number ?? ''} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'orders.read');
  return presentOrder(args.context, viewer, args.params['key'] ?? '');
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'orders.control');
  return controlOrder(args.context, viewer, args.params['key'] ?? '', await args.request.formData());
}

export default function Order() {
  const order = useLoaderData<typeof loader>();
  useLive({ topics: ['steps', 'cases'], keys: [order.key], final: !order.open });
  return <OrderPage order={order} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
