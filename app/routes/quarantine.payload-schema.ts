import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';

/** `GET /quarantine/payload-schema?of=<kind>.<topic>`: what the engine reads of such a payload, for the editor; 404 where it has not said. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  requirePermission(args, 'payloads.read');
  const key = new URL(args.request.url).searchParams.get('of') ?? '';
  const schema = /^[\w-]{1,100}\.[\w-]{1,100}$/.test(key) ? await args.context.payloadSchemas.get(key) : undefined;
  if (schema === undefined) return new Response('Nothing is known of such a payload.', { status: 404 });
  return Response.json(schema, { headers: { 'cache-control': 'private, max-age=60' } });
}
