import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { saveRule } from '#app/commands/rule.ts';
import { presentNewRule } from '#app/presenters/new-rule.ts';
import { NewRulePage } from '#app/rules/new-rule-page.tsx';

export const meta: MetaFunction = () => [{ title: 'New repair rule · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  return presentNewRule(args.context, viewer, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'rules.write');
  return saveRule({ context: args.context, viewer, form: await args.request.formData() }, undefined);
}

export default function NewRule() {
  return <NewRulePage view={useLoaderData<typeof loader>()} result={useActionData<typeof action>()} />;
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
