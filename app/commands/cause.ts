import { z } from 'zod';
import { causeChange, type CauseChange, causeChangeKind, type CauseChangeKind } from '#contracts/v1/cause.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords } from '#app/words/names.ts';

/** What became of a change of a cause, to be said beside it. */
export interface CauseResult {
  ok: boolean;
  intent: CauseChangeKind;
  message: string;
  /** Somebody else changed the cause first. */
  second: boolean;
}

export const isCauseIntent = (value: unknown): value is CauseChangeKind => causeChangeKind.safeParse(value).success;

/** What is wrong with a form that does not make a change, by what was asked. */
const wrong: Record<CauseChangeKind, string> = {
  own: 'Give the e-mail address of a colleague.',
  note: 'A note has at most 4,000 characters.',
  runbook: 'A runbook is an address that begins with https:// or http://.',
  hold: 'Give a reason: colleagues read it beside the cause.',
  release: 'The form was not understood. Reload the page and try again.',
  mute: 'Give a reason, and say until when: a date, or a number of cases of at least 1.',
  unmute: 'The form was not understood. Reload the page and try again.',
};

const revisionForm = z.coerce.number().int().nonnegative();

/** Changes a cause as the form asks, on behalf of the viewer, whose permission has been checked. */
export async function workOnCause(
  asked: {
    context: Pick<AppContext, 'command' | 'estate' | 'causes' | 'users'>;
    viewer: Viewer;
    fingerprint: string;
    form: FormData;
  },
  intent: CauseChangeKind,
): Promise<CauseResult> {
  const { context, viewer, fingerprint, form } = asked;
  const refuse = (message: string): CauseResult => ({ ok: false, intent, message, second: false });
  const revision = revisionForm.safeParse(form.get('revision'));
  const change = causeChange.safeParse(changeOf(intent, form));
  if (!revision.success || !change.success) return refuse(wrong[intent]);
  const stranger = await strangerAsOwner(context, viewer, change.data);
  if (stranger !== undefined) return refuse(stranger);
  const reply = await context.command('cause.change', {
    actor: { id: viewer.email, roles: [...viewer.roles] },
    fingerprint,
    revision: revision.data,
    change: change.data,
  });
  // The page that loads next must show what was decided, whichever comes first: the answer or the watch.
  if (reply.cause !== undefined) context.causes.learn(reply.cause);
  const names = estateNames(context.estate);
  return {
    ok: reply.ok,
    intent,
    message: inWords(reply.ok ? reply.message : reply.error.message, names),
    second: !reply.ok && reply.error.code === 'conflict',
  };
}

function changeOf(intent: CauseChangeKind, form: FormData): unknown {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const number = (name: string) => Number(text(name));
  switch (intent) {
    case 'own':
      return { kind: intent, owner: text('owner').toLowerCase() };
    case 'note':
      return { kind: intent, note: text('note') };
    case 'runbook':
      return { kind: intent, runbook_url: text('runbook_url') };
    case 'hold':
      return { kind: intent, reason: text('reason') };
    case 'mute': {
      const kind = text('until');
      const until = {
        kind,
        ...(kind === 'date' ? { at: text('at') } : {}),
        ...(kind === 'count' ? { cases: number('cases') } : {}),
        ...(kind === 'rate' ? { cases_per_hour: number('cases_per_hour') } : {}),
      };
      return { kind: intent, reason: text('reason'), until };
    }
    case 'release':
    case 'unmute':
      return { kind: intent };
  }
}

/** Why somebody cannot be made the owner: a cause that nobody sees to must not look as if somebody did. */
async function strangerAsOwner(
  { users }: Pick<AppContext, 'users'>,
  viewer: Viewer,
  change: CauseChange,
): Promise<string | undefined> {
  if (change.kind !== 'own' || change.owner === '' || change.owner === viewer.email) return undefined;
  const owner = await users.byEmail(change.owner);
  if (owner === undefined || owner.disabled) return `Nobody signs in as ${change.owner}. Check the address.`;
  return may(owner.roles, 'cases.work') ? undefined : `${owner.name} may not work on cases.`;
}
