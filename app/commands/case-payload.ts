import { z } from 'zod';
import type { CaseState } from '#contracts/v1/case.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { parseX12Path } from '#contracts/x12/path.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { changedFields } from '#app/payloads/changes.ts';
import { maskLike, maskValue } from '#app/payloads/mask.ts';
import { mergeJson, type MergeConflict, type Side } from '#app/payloads/merge.ts';
import { pointerInWords, pointerSegments } from '#app/payloads/pointer.ts';
import { intakeSeqOf, newestUpdate, readReceived, readUpdate } from '#app/payloads/read.ts';
import { readShown, revealShown, showDocument } from '#app/payloads/show.ts';
import { isPersonalElement, maskX12Like } from '#app/payloads/x12-mask.ts';
import { isX12 } from '#app/payloads/x12-text.ts';
import { prettyJson } from '#app/editor/problems.ts';
import { readCase } from '#app/presenters/case-page.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import { formText, type Asked, type CaseResult } from './case-result.ts';

/**
 * What the person edited, with the personal data they were not shown put back from the document they edited: a version
 * of the payload, or an update that the channel sent.
 */
export async function editedPayload(asked: Asked): Promise<string | undefined> {
  const original = await originalOf(asked);
  return original === undefined ? undefined : readShown(formText(asked.form, 'payload'), original);
}

/** The same as it would be shown to somebody who may see everything. */
async function editedText(asked: Asked): Promise<string | undefined> {
  const original = await originalOf(asked);
  return original === undefined ? undefined : revealShown(formText(asked.form, 'payload'), original);
}

/** The document whose hidden values stand in the text, as it arrived or was saved. */
async function originalOf(asked: Asked): Promise<string | undefined> {
  const update = Number(formText(asked.form, 'original'));
  if (update > 0) return updateOf(asked, update);
  return versionOf(asked, Number(formText(asked.form, 'base_version')));
}

const laidOut = (text: string | undefined): string | undefined => text && showDocument(text, true).text;

async function versionOf({ context, caseId }: Asked, version: number): Promise<string | undefined> {
  const state = (await readCase(context, caseId)).at(-1)?.state;
  if (state === undefined) return undefined;
  const steps = await context.read(transactionSteps, { flow: state.flow, key: state.key });
  return readReceived(context.jsm, state.key, version, intakeSeqOf(steps));
}

async function updateOf({ context, caseId }: Asked, seq: number): Promise<string | undefined> {
  const state = (await readCase(context, caseId)).at(-1)?.state;
  if (state === undefined) return undefined;
  return readUpdate(context.jsm, await stepsNow(context, state), seq);
}

/** Asked of the stream itself: an update that refused a replay a moment ago may not have landed yet. */
async function stepsNow({ js, jsm }: Asked['context'], { flow, key }: CaseState): Promise<StepEvent[]> {
  const messages = await readSubject(js, jsm, streams.steps, subjects.step(flow, key));
  return messages.map((message) => message.json<StepEvent>());
}

/** Puts personal data back into the text on screen and what it is compared with; who asked is in the audit. */
export async function reveal(asked: Asked): Promise<CaseResult> {
  const { context, viewer, caseId, form } = asked;
  const shown = await editedText(asked);
  const base = laidOut(await versionOf(asked, Number(formText(form, 'base_version'))));
  if (shown === undefined || base === undefined)
    return { ok: false, intent: 'reveal', message: 'The payload is no longer kept.' };
  context.audit.record({
    action: 'revealed',
    actor: viewer.id,
    object_kind: 'case',
    object_id: caseId.slice(0, 400),
    personal: { address: context.clientAddress },
  });
  return { ok: true, intent: 'reveal', message: 'Personal data is shown. This was recorded.', text: shown, base };
}

/** The newest version of the order that its channel sent since, to be edited in place of what arrived first. */
export async function channelsNewest(asked: Asked): Promise<CaseResult> {
  const { context, caseId } = asked;
  const intent = 'newest';
  const state = (await readCase(context, caseId)).at(-1)?.state;
  const steps = state ? await stepsNow(context, state) : [];
  const update = newestUpdate(steps);
  if (update === undefined) return { ok: false, intent, message: 'The channel has sent no newer version.' };
  const text = await readUpdate(context.jsm, steps, update);
  if (text === undefined) return { ok: false, intent, message: 'The channel’s newer version is no longer kept.' };
  return {
    ok: true,
    intent,
    message: 'This is the channel’s newest version. Look at what changed, then try it.',
    newest: { original: update, text: showDocument(text, false).text },
  };
}

/** A field both changed, as it may be shown. */
export interface ShownConflict extends MergeConflict {
  where: string;
}

/** What somebody else saved meanwhile, and what comes of joining it with the text in the form. */
export interface MergeAnswer {
  /** Theirs. */
  version: number;
  /** Their version, and the joined text, both with hidden values numbered as in theirs. */
  theirs: string;
  text: string;
  who: string;
  at: string;
  /** What they changed, in words. */
  fields: string[];
  conflicts: ShownConflict[];
  /** Every conflict has been decided. */
  decided: boolean;
}

const choicesOf = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text || '{}') as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().max(1_000), z.enum(['mine', 'theirs'])));

/** Joins the text in the form with the newest version, on the version the text was begun from. Changes nothing yet. */
export async function mergeWithTheirs(asked: Asked): Promise<CaseResult> {
  const { context, caseId, form } = asked;
  const refuse = (message: string): CaseResult => ({ ok: false, intent: 'merge', message });
  const events = await readCase(context, caseId);
  const version = events.at(-1)?.state.payload_version ?? 0;
  const [base, mine, theirs] = await Promise.all([
    versionOf(asked, Number(formText(form, 'base_version'))).then(laidOut),
    editedText(asked),
    versionOf(asked, version).then(laidOut),
  ]);
  if (base === undefined || mine === undefined || theirs === undefined)
    return refuse('One of the versions is no longer kept, so they cannot be merged.');
  const choices = readChoices(formText(form, 'choices'));
  const merged = mergeJson(base, mine, theirs, choices);
  const written = formText(form, 'payload');
  const masked = isX12(theirs) ? maskX12Like(merged.text, theirs) : maskLike(prettyJson(merged.text), theirs);
  // Values the person wrote or was shown are in their text; any other must not come to light by a merge.
  if (masked.foreign.some((value) => !written.includes(value)))
    return refuse(
      'Your text moves personal data that was changed meanwhile. Show personal data first, or undo that change, then merge.',
    );
  const fix = events.findLast(({ detail }) => detail['payload_version'] === String(version));
  return {
    ok: true,
    intent: 'merge',
    message: 'Merged.',
    merge: {
      version,
      theirs: showDocument(theirs, false).text,
      text: masked.text,
      who: fix?.actor ?? '',
      at: fix?.at ?? '',
      fields: changedFields(base, theirs).map((path) => pointerInWords(path) || 'the whole document'),
      conflicts: merged.conflicts.map((conflict) => showConflict(conflict, written)),
      decided: merged.conflicts.every(({ path }) => choices.has(path)),
    },
  };
}

function readChoices(text: string): Map<string, Side> {
  const parsed = choicesOf.safeParse(text);
  return new Map(parsed.success ? (Object.entries(parsed.data) as [string, Side][]) : []);
}

function showConflict(conflict: MergeConflict, written: string): ShownConflict {
  const shown = (value: string | undefined) => value && maskOne(conflict.path, value);
  const mine = conflict.mine;
  return {
    path: conflict.path,
    where: pointerInWords(conflict.path) || 'the whole document',
    base: shown(conflict.base),
    mine: mine !== undefined && written.includes(mine) ? mine : shown(mine),
    theirs: shown(conflict.theirs),
  };
}

/** A value that both changed, as everybody who sees payloads may see it. */
function maskOne(path: string, value: string): string {
  const place = parseX12Path(path);
  if (place === undefined) return prettyJson(maskValue(pointerSegments(path), value));
  const { segment, element } = place;
  return isPersonalElement(segment?.id ?? '', element?.number ?? 0, value) ? '‹hidden›' : value;
}
