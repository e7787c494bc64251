import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { repairReport } from '#app/repairs/report.ts';

/** `GET /quarantine/repairs/:runId/report.csv`: what became of every case of a run. */
export async function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'cases.read');
  const run = await args.context.repairRuns.get(args.params['runId'] ?? '');
  if (run === undefined) throw new Response('There is no such repair run.', { status: 404 });
  return repairReport(args.context, run.run_id);
}
