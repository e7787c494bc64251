import { mentionsIn } from '#app/cases/mentions.ts';
import type { AppContext } from '#app/server/context.ts';

/** A comment speaks to at most so many. */
const mostMentioned = 20;

/** The colleagues a comment speaks to, among those who may see cases. */
export const mentionedIn = async ({ people }: Pick<AppContext, 'people'>, comment: string): Promise<string[]> =>
  comment.includes('@') ? mentionsIn(comment, await people.whoMay('cases.read')).slice(0, mostMentioned) : [];
