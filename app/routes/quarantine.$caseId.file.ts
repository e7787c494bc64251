import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { caseFile } from '#app/cases/case-file.ts';

/** `GET /quarantine/:caseId/file`: the case as one masked file. Who took it is in the audit. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const viewer = requirePermission(args, 'payloads.read');
  const { context, params } = args;
  const caseId = params['caseId'] ?? '';
  const file = await caseFile(context, caseId);
  if (file === undefined) throw new Response('There is no such case.', { status: 404 });
  context.audit.record({
    action: 'exported',
    actor: viewer.id,
    object_kind: 'case',
    object_id: caseId,
    personal: { address: context.clientAddress },
  });
  return new Response(file, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="case-${caseId}.json"`,
      'cache-control': 'no-store',
    },
  });
}
