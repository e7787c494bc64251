import { z } from 'zod';
import type { CommandReply } from '#contracts/v1/commands.ts';
import type { Permission } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import {
  type BulkIntent,
  bulkLimit,
  type BulkResult,
  noteLimit,
  selectedCase,
  type SelectedCase,
} from '#app/cases/bulk.ts';
import { asTag, tagForm } from '#app/cases/tags.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { AppContext } from '#app/server/context.ts';
import { mentionedIn } from './mentioned.ts';
import { messageOf } from './order.ts';

export const bulkIntents = {
  assign: 'cases.work',
  hold: 'cases.work',
  release: 'cases.work',
  comment: 'cases.work',
  tag: 'cases.work',
  discard: 'cases.discard',
} as const satisfies Record<BulkIntent, Permission>;

export const isBulkIntent = (text: unknown): text is BulkIntent =>
  typeof text === 'string' && Object.hasOwn(bulkIntents, text);

const form = z.object({
  cases: z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  }),
  note: z.string().trim().default(''),
  assignee: z.string().max(200).default(''),
});
const selection = z.array(selectedCase).min(1).max(bulkLimit);

/** So many commands are under way at once: the engine answers each in milliseconds and has other work. */
const IN_FLIGHT = 8;

/**
 * Does the same to each of the selected cases, on behalf of the viewer, whose permission has been checked. Each is a
 * command of its own on the revision that was selected: what somebody changed meanwhile is refused and named.
 */
export async function workOnCases(
  {
    context,
    viewer,
    data,
  }: { context: Pick<AppContext, 'command' | 'estate' | 'people'>; viewer: Viewer; data: FormData },
  intent: BulkIntent,
): Promise<BulkResult> {
  const parsed = form.safeParse(Object.fromEntries(data));
  const cases = selection.safeParse(parsed.data?.cases);
  if (!parsed.success || !cases.success)
    return nothing(intent, `Select between 1 and ${bulkLimit} cases, then try again.`);
  const { note, assignee } = parsed.data;
  if (note.length > noteLimit(intent)) return nothing(intent, `Write at most ${noteLimit(intent)} characters.`);
  if (intent === 'comment' && note === '') return nothing(intent, 'Write something first.');
  if (intent === 'discard' && note === '') return nothing(intent, 'Give a reason: it stays with each case.');
  const tag = asTag(note);
  if (intent === 'tag' && tag === undefined) return nothing(intent, tagForm);
  const mentions = intent === 'comment' ? await mentionedIn(context, note) : [];
  const actor = { id: viewer.email, roles: [...viewer.roles] };
  const one = ({ id, revision }: SelectedCase): Promise<CommandReply> => {
    const onCase = { actor, case_id: id, revision };
    switch (intent) {
      case 'assign':
        return context.command('case.assign', { ...onCase, assignee, note });
      case 'hold':
        return context.command('case.hold', { ...onCase, note });
      case 'release':
        return context.command('case.release', { ...onCase, note });
      case 'comment':
        return context.command('case.comment', { ...onCase, note, mentions });
      case 'tag':
        return context.command('case.tag', { ...onCase, add: tag === undefined ? [] : [tag] });
      case 'discard':
        return context.command('case.discard', { ...onCase, reason: note });
    }
  };
  const refused: BulkResult['refused'] = [];
  await inParallel(cases.data, IN_FLIGHT, async (item) => {
    const reply = await one(item);
    if (!reply.ok) refused.push({ id: item.id, message: messageOf(reply, context.estate) });
  });
  return { intent, done: cases.data.length - refused.length, refused };
}

const nothing = (intent: BulkIntent, problem: string): BulkResult => ({ intent, done: 0, refused: [], problem });
