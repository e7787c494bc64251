import type { LoaderFunctionArgs } from '@remix-run/node';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { slug } from '#contracts/v1/primitives.ts';
import { requirePermission } from '#app/auth/guard.ts';
import { knownMappings, targetsOf } from '#app/queries/known-mappings.ts';

export interface KnownTargetsAnswer {
  kind: string;
  system: string;
  targets: string[];
}

/** `GET /quarantine/mapping-targets`: what codes of a kind lead to in a system, to choose from. */
export async function loader(args: LoaderFunctionArgs): Promise<KnownTargetsAnswer> {
  requirePermission(args, 'cases.read');
  const { searchParams } = new URL(args.request.url);
  const kind = mappingKind.safeParse(searchParams.get('kind')).data;
  const system = slug.safeParse(searchParams.get('system')).data;
  if (kind === undefined || system === undefined) throw new Response('There is no such mapping.', { status: 400 });
  return { kind, system, targets: targetsOf(await knownMappings(args.context.js, kind, system)) };
}

/** What was asked is asked again only for another kind or system, not with every change on the page. */
export const shouldRevalidate = (): boolean => false;
