import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { switchAllRules } from '#app/commands/rule.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRules } from '#app/presenters/rules.ts';
import { RuleList } from '#app/rules/rule-list.tsx';

export const meta: MetaFunction = () => [{ title: 'Repair rules · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  return presentRules(args.context, requirePermission(args, 'cases.read'));
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  return switchAllRules({ context: args.context, viewer, form: await args.request.formData() });
}

export default function Rules() {
  const list = useLoaderData<typeof loader>();
  useLive({ topics: ['steps'], everyMs: 10_000 });
  return <RuleList list={list} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
