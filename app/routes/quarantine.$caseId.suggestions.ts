import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import type { Suggestion } from '#app/cases/suggestions.ts';
import { presentSuggestions } from '#app/presenters/case-suggestions.ts';

export interface SuggestionsAnswer {
  suggestions: Suggestion[];
}

/** `GET /quarantine/:caseId/suggestions`: changes that cured this cause before. */
export async function loader(args: LoaderFunctionArgs): Promise<SuggestionsAnswer> {
  requirePermission(args, 'payloads.read');
  return { suggestions: await presentSuggestions(args.context, args.params['caseId'] ?? '') };
}
