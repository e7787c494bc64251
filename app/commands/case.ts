import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { mappingKind } from '#contracts/v1/mapping.ts';
import type { Permission } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { asTag, tagForm } from '#app/cases/tags.ts';
import { whoWasFirst } from '#app/cases/story.ts';
import { presentDryRun } from '#app/presenters/dry-run.ts';
import { readCase } from '#app/presenters/case-page.ts';
import { estateNames, inWords } from '#app/words/names.ts';
import { channelsNewest, editedPayload, mergeWithTheirs, reveal } from './case-payload.ts';
import { formText, type Asked, type CaseResult } from './case-result.ts';
import { mentionedIn } from './mentioned.ts';
import { messageOf } from './order.ts';

export type { CaseResult } from './case-result.ts';

export const caseIntents = {
  assign: 'cases.work',
  comment: 'cases.work',
  tag: 'cases.work',
  hold: 'cases.work',
  release: 'cases.work',
  fix: 'cases.work',
  merge: 'cases.work',
  newest: 'cases.work',
  'dry-run': 'cases.work',
  mapping: 'mappings.write',
  replay: 'cases.replay',
  'replay-anyway': 'cases.replay',
  'fix-replay': 'cases.replay',
  'done-outside': 'cases.replay',
  approve: 'cases.approve',
  decline: 'cases.approve',
  discard: 'cases.discard',
  restore: 'cases.discard',
  reveal: 'personal_data.read',
} as const satisfies Record<string, Permission>;
export type CaseIntent = keyof typeof caseIntents;

export const isCaseIntent = (text: unknown): text is CaseIntent =>
  typeof text === 'string' && Object.hasOwn(caseIntents, text);

/** Does to a case what the form asks, on behalf of the viewer, whose permission has been checked. */
export async function workOnCase(asked: Asked, intent: CaseIntent): Promise<CaseResult> {
  const { form, viewer, caseId } = asked;
  const onCase = { actor: actorOf(viewer), case_id: caseId, revision: Number(formText(form, 'revision')) };
  const note = formText(form, 'note').trim();
  switch (intent) {
    case 'assign':
      return ask(asked, intent, 'case.assign', { ...onCase, assignee: formText(form, 'assignee'), note });
    case 'comment':
      return note === ''
        ? refuse(intent, 'Write something first.')
        : ask(asked, intent, 'case.comment', { ...onCase, note, mentions: await mentionedIn(asked.context, note) });
    case 'tag':
      return tag(asked, onCase);
    case 'hold':
      return ask(asked, intent, 'case.hold', { ...onCase, note });
    case 'release':
      return ask(asked, intent, 'case.release', { ...onCase, note });
    case 'replay':
      return ask(asked, intent, 'case.replay', { ...onCase, note });
    case 'replay-anyway':
      return note === ''
        ? refuse(intent, 'Say why the older version is to be replayed: it stays with the case.')
        : ask(asked, intent, 'case.replay', { ...onCase, note, override_stale: true });
    case 'approve':
      return ask(asked, intent, 'case.approve', { ...onCase, note });
    case 'decline':
      return note === ''
        ? refuse(intent, 'Give a reason: whoever asked reads it.')
        : ask(asked, intent, 'case.decline', { ...onCase, reason: note });
    case 'restore':
      return ask(asked, intent, 'case.restore', { ...onCase, note });
    case 'discard':
      return note === ''
        ? refuse(intent, 'Give a reason: it stays with the case.')
        : ask(asked, intent, 'case.discard', { ...onCase, reason: note });
    case 'done-outside': {
      const document_number = formText(form, 'document_number').trim();
      return document_number === ''
        ? refuse(intent, 'Give the number of the document as it stands in the outside system.')
        : ask(asked, intent, 'case.done-outside', { ...onCase, document_number, note });
    }
    case 'fix':
    case 'fix-replay':
      return saveFix(asked, intent, onCase, note);
    case 'mapping':
      return addMapping(asked);
    case 'dry-run':
      return tryIt(asked);
    case 'merge':
      return mergeWithTheirs(asked);
    case 'newest':
      return channelsNewest(asked);
    case 'reveal':
      return reveal(asked);
  }
}

const actorOf = (viewer: Viewer) => ({ id: viewer.email, roles: [...viewer.roles] });
interface OnCase {
  actor: ReturnType<typeof actorOf>;
  case_id: string;
  revision: number;
}
const refuse = (intent: CaseIntent, message: string): CaseResult => ({ ok: false, intent, message });

async function ask<N extends CommandName>(
  asked: Asked,
  intent: CaseIntent,
  name: N,
  request: CommandRequest<N>,
): Promise<CaseResult> {
  return resultOf(asked, intent, await asked.context.command(name, request));
}

async function resultOf({ context, caseId }: Asked, intent: CaseIntent, reply: CommandReply): Promise<CaseResult> {
  const result = { ok: reply.ok, intent, message: messageOf(reply, context.estate) };
  if (reply.ok) return result;
  const { code, because } = reply.error;
  if (because !== undefined) return { ...result, because };
  if (code !== 'conflict') return result;
  const last = (await readCase(context, caseId)).at(-1);
  return last === undefined ? result : { ...result, first: inWords(whoWasFirst(last), estateNames(context.estate)) };
}

async function tag(asked: Asked, onCase: OnCase): Promise<CaseResult> {
  const [add, remove] = [formText(asked.form, 'add'), formText(asked.form, 'remove')];
  const [added, removed] = [asTag(add), asTag(remove)];
  if ((add !== '' && added === undefined) || (added ?? removed) === undefined) return refuse('tag', tagForm);
  return ask(asked, 'tag', 'case.tag', {
    ...onCase,
    add: added === undefined ? [] : [added],
    remove: removed === undefined ? [] : [removed],
  });
}

/** Keeps the edited payload as a new version, and replays it where that was asked: the very revision that was saved. */
async function saveFix(asked: Asked, intent: 'fix' | 'fix-replay', onCase: OnCase, note: string): Promise<CaseResult> {
  const payload = await editedPayload(asked);
  if (payload === undefined) return refuse(intent, 'The payload you edited is no longer kept. Reload the page.');
  const overtaken = await overtakenBy(asked);
  if (overtaken !== undefined) return { ...refuse(intent, 'Merge your change with theirs.'), first: overtaken };
  const reason = note === '' ? 'Corrected in the console.' : note;
  const saved = await asked.context.command('case.fix', { ...onCase, payload, reason });
  if (intent === 'fix' || !saved.ok || saved.case === undefined) return resultOf(asked, intent, saved);
  return ask(asked, intent, 'case.replay', { ...onCase, revision: saved.case.revision, note });
}

/**
 * Who saved a version since the one the text was begun from. The revision alone does not tell: the page may have learnt
 * of theirs while the person was still writing on the version before.
 */
async function overtakenBy({ context, caseId, form }: Asked): Promise<string | undefined> {
  const events = await readCase(context, caseId);
  const version = String(events.at(-1)?.state.payload_version ?? '');
  if (version === formText(form, 'base_version')) return undefined;
  const fix = events.findLast(({ detail }) => detail['payload_version'] === version);
  return inWords(fix === undefined ? 'A newer version was saved' : whoWasFirst(fix), estateNames(context.estate));
}

async function addMapping({ context, viewer, caseId, form }: Asked): Promise<CaseResult> {
  const kind = mappingKind.safeParse(formText(form, 'kind'));
  const target = formText(form, 'target').trim();
  if (!kind.success || target === '') return refuse('mapping', 'Choose or write what the code means there.');
  const reply = await context.command('mapping.put', {
    actor: actorOf(viewer),
    kind: kind.data,
    system: formText(form, 'system'),
    code: formText(form, 'code'),
    target,
    reason: formText(form, 'note').trim() || 'Added from a case.',
    case_id: caseId,
  });
  return { ok: reply.ok, intent: 'mapping', message: messageOf(reply, context.estate) };
}

async function tryIt(asked: Asked): Promise<CaseResult> {
  const { context, viewer, caseId, form } = asked;
  const edited = form.has('payload') ? await editedPayload(asked) : undefined;
  const mappings = JSON.parse(formText(form, 'mappings') || '[]') as CommandRequest<'case.dry-run'>['mappings'];
  const reply = await context.command('case.dry-run', {
    actor: actorOf(viewer),
    case_id: caseId,
    ...(edited === undefined ? {} : { payload: edited }),
    ...(mappings === undefined ? {} : { mappings }),
  });
  const result = await resultOf(asked, 'dry-run', reply);
  return reply.ok && reply.dry_run
    ? { ...result, dryRun: presentDryRun(reply.dry_run, estateNames(context.estate)) }
    : result;
}
