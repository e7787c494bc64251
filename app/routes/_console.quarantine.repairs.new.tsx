import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { requirePermission } from '#app/auth/guard.ts';
import { causePath } from '#app/causes/paths.ts';
import { tryRepair } from '#app/commands/repair.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { buttonClass } from '#app/components/button.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import { presentNewRepair } from '#app/presenters/new-repair.ts';
import { repairPath } from '#app/repairs/paths.ts';
import { RepairForm } from '#app/repairs/repair-form.tsx';

export const meta: MetaFunction = () => [{ title: 'Repair all · Syncline' }];

export function loader(args: LoaderFunctionArgs) {
  const viewer = requirePermission(args, 'cases.replay');
  return presentNewRepair(args.context, viewer, new URL(args.request.url).searchParams);
}

export async function action(args: ActionFunctionArgs) {
  const viewer = requirePermission(args, 'cases.replay');
  const result = await tryRepair(args.context, viewer, await args.request.formData());
  return result.ok ? redirect(repairPath(result.run)) : result;
}

export default function NewRepair() {
  const view = useLoaderData<typeof loader>();
  return (
    <Page
      title="Repair all"
      lead={`${view.title}: ${formatNumber(view.cases)} open ${view.cases === 1 ? 'case' : 'cases'}`}
      actions={
        <Link to={causePath(view.fingerprint)} className={buttonClass('quiet')}>
          Back to the cause
        </Link>
      }
    >
      <QuarantineNav />
      <RepairForm target={{ cause: view.fingerprint }} choices={view.choices} draft={view.draft} />
    </Page>
  );
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';
