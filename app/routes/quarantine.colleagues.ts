import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';

export interface ColleaguesAnswer {
  emails: string[];
}

/** `GET /quarantine/colleagues`: those who may see cases, to be mentioned in a comment. */
export async function loader(args: LoaderFunctionArgs): Promise<ColleaguesAnswer> {
  requirePermission(args, 'cases.work');
  return { emails: await args.context.people.whoMay('cases.read') };
}
