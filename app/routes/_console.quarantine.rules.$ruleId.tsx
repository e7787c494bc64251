import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { previewRule, saveRule, switchRule } from '#app/commands/rule.ts';
import { useLive } from '#app/live/use-live.ts';
import { presentRule } from '#app/presenters/rule-page.ts';
import { RulePage } from '#app/rules/rule-page.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.name ?? 'Rule'} · Syncline` }];

export function loader(args: LoaderFunctionArgs) {
  return presentRule(args.context, requirePermission(args, 'cases.read'), args.params['ruleId'] ?? '');
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  const form = await args.request.formData();
  const id = args.params['ruleId'] ?? '';
  const rule = (await args.context.repairs.rules()).rules.find(({ rule_id }) => rule_id === id);
  if (rule === undefined) throw new Response('There is no such rule.', { status: 404 });
  const asked = { context: args.context, viewer, form };
  switch (form.get('intent')) {
    case 'save':
      return saveRule(asked, id, rule);
    case 'switch':
      return switchRule(asked, rule);
    case 'preview':
      return previewRule(asked, rule);
    default:
      throw new Response('Unknown action.', { status: 400 });
  }
}

export default function Rule() {
  const view = useLoaderData<typeof loader>();
  const trying = view.previews.some(({ running }) => running);
  useLive({ topics: [], everyMs: trying ? 2_000 : 5_000 });
  return <RulePage key={view.id} view={view} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
