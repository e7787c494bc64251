import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { mappingKind } from '#contracts/v1/mapping.ts';
import type { Permission } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { whoWasFirst } from '#app/cases/story.ts';
import { unmaskJson } from '#app/payloads/mask.ts';
import { intakeSeqOf, readReceived } from '#app/payloads/read.ts';
import { showDocument } from '#app/payloads/show.ts';
import { presentDryRun, type ShownDryRun } from '#app/presenters/dry-run.ts';
import { readCase } from '#app/presenters/case-page.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords } from '#app/words/names.ts';
import { messageOf } from './order.ts';

export const caseIntents = {
  assign: 'cases.work',
  comment: 'cases.work',
  hold: 'cases.work',
  release: 'cases.work',
  fix: 'cases.work',
  'dry-run': 'cases.work',
  mapping: 'mappings.write',
  replay: 'cases.replay',
  'fix-replay': 'cases.replay',
  'done-outside': 'cases.replay',
  discard: 'cases.discard',
  restore: 'cases.discard',
  reveal: 'personal_data.read',
} as const satisfies Record<string, Permission>;
export type CaseIntent = keyof typeof caseIntents;

export const isCaseIntent = (text: unknown): text is CaseIntent =>
  typeof text === 'string' && Object.hasOwn(caseIntents, text);

/** What became of an action on a case, to be said beside it. */
export interface CaseResult {
  ok: boolean;
  intent: CaseIntent;
  message: string;
  /** Somebody was first: who, and with what. */
  first?: string;
  dryRun?: ShownDryRun;
  /** Text with personal data put back, for who may see it. */
  text?: string;
}

interface Asked {
  context: AppContext;
  viewer: Viewer;
  caseId: string;
  form: FormData;
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

/** Does to a case what the form asks, on behalf of the viewer, whose permission has been checked. */
export async function workOnCase(asked: Asked, intent: CaseIntent): Promise<CaseResult> {
  const { form, viewer, caseId } = asked;
  const onCase = { actor: actorOf(viewer), case_id: caseId, revision: Number(text(form, 'revision')) };
  const note = text(form, 'note').trim();
  switch (intent) {
    case 'assign':
      return ask(asked, intent, 'case.assign', { ...onCase, assignee: text(form, 'assignee'), note });
    case 'comment':
      return note === ''
        ? refuse(intent, 'Write something first.')
        : ask(asked, intent, 'case.comment', { ...onCase, note });
    case 'hold':
      return ask(asked, intent, 'case.hold', { ...onCase, note });
    case 'release':
      return ask(asked, intent, 'case.release', { ...onCase, note });
    case 'replay':
      return ask(asked, intent, 'case.replay', { ...onCase, note });
    case 'restore':
      return ask(asked, intent, 'case.restore', { ...onCase, note });
    case 'discard':
      return note === ''
        ? refuse(intent, 'Give a reason: it stays with the case.')
        : ask(asked, intent, 'case.discard', { ...onCase, reason: note });
    case 'done-outside': {
      const document_number = text(form, 'document_number').trim();
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
    case 'reveal':
      return reveal(asked);
  }
}

const actorOf = (viewer: Viewer) => ({ id: viewer.email, roles: [...viewer.roles] });
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
  if (reply.ok || reply.error.code !== 'conflict') return result;
  const last = (await readCase(context, caseId)).at(-1);
  return last === undefined ? result : { ...result, first: inWords(whoWasFirst(last), estateNames(context.estate)) };
}

/** Keeps the edited payload as a new version, and replays it where that was asked: the very revision that was saved. */
async function saveFix(
  asked: Asked,
  intent: 'fix' | 'fix-replay',
  onCase: { actor: ReturnType<typeof actorOf>; case_id: string; revision: number },
  note: string,
): Promise<CaseResult> {
  const payload = await editedPayload(asked);
  if (payload === undefined) return refuse(intent, 'The payload you edited is no longer kept. Reload the page.');
  const reason = note === '' ? 'Corrected in the console.' : note;
  const saved = await asked.context.command('case.fix', { ...onCase, payload, reason });
  if (intent === 'fix' || !saved.ok || saved.case === undefined) return resultOf(asked, intent, saved);
  return ask(asked, intent, 'case.replay', { ...onCase, revision: saved.case.revision, note });
}

async function addMapping({ context, viewer, caseId, form }: Asked): Promise<CaseResult> {
  const kind = mappingKind.safeParse(text(form, 'kind'));
  const target = text(form, 'target').trim();
  if (!kind.success || target === '') return refuse('mapping', 'Choose or write what the code means there.');
  const reply = await context.command('mapping.put', {
    actor: actorOf(viewer),
    kind: kind.data,
    system: text(form, 'system'),
    code: text(form, 'code'),
    target,
    reason: text(form, 'note').trim() || 'Added from a case.',
    case_id: caseId,
  });
  return { ok: reply.ok, intent: 'mapping', message: messageOf(reply, context.estate) };
}

async function tryIt(asked: Asked): Promise<CaseResult> {
  const { context, viewer, caseId, form } = asked;
  const edited = form.has('payload') ? await editedPayload(asked) : undefined;
  const mappings = JSON.parse(text(form, 'mappings') || '[]') as CommandRequest<'case.dry-run'>['mappings'];
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

/** What the person edited, with the personal data they were not shown put back from the version they edited. */
async function editedPayload({ context, caseId, form }: Asked): Promise<string | undefined> {
  const original = await payloadOf(context, caseId, Number(text(form, 'base_version')));
  return original === undefined ? undefined : unmaskJson(text(form, 'payload'), showDocument(original, true).text);
}

async function payloadOf(context: AppContext, caseId: string, version: number): Promise<string | undefined> {
  const state = (await readCase(context, caseId)).at(-1)?.state;
  if (state === undefined) return undefined;
  const steps = await context.read(transactionSteps, { flow: state.flow, key: state.key });
  const intakeSeq = intakeSeqOf(steps);
  return readReceived(context.jsm, state.key, version, intakeSeq);
}

/** Puts personal data back into the text on screen; who asked is in the audit. */
async function reveal(asked: Asked): Promise<CaseResult> {
  const { context, viewer, caseId } = asked;
  const shown = await editedPayload(asked);
  if (shown === undefined) return refuse('reveal', 'The payload is no longer kept.');
  context.audit.record({
    action: 'revealed',
    actor: viewer.id,
    object_kind: 'case',
    object_id: caseId.slice(0, 400),
    personal: { address: context.clientAddress },
  });
  return { ok: true, intent: 'reveal', message: 'Personal data is shown. This was recorded.', text: shown };
}
