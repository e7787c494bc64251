import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { bulkLimit, type SelectionAnswer } from '#app/cases/bulk.ts';
import { readCaseFilter } from '#app/cases/filters.ts';
import { readCausesNow } from '#app/presenters/causes-now.ts';
import { caseSelection } from '#app/queries/case-list.ts';

/** `GET /quarantine/selection`: the cases that the filters of the address leave, frozen to a list. */
export async function loader(args: LoaderFunctionArgs): Promise<SelectionAnswer> {
  const viewer = requirePermission(args, 'cases.work');
  const { context, request } = args;
  const { searchParams } = new URL(request.url);
  const { estate, rates } = context;
  const filter = readCaseFilter(searchParams, estate, rates.today(), viewer.email, await readCausesNow(context));
  const rows = await context.read(caseSelection, { ...filter, limit: bulkLimit + 1 });
  return {
    cases: rows.slice(0, bulkLimit).map(({ case_id, revision }) => ({ id: case_id, revision })),
    more: rows.length > bulkLimit,
  };
}
