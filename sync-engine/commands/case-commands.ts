import type { CaseState } from '#contracts/v1/case.ts';
import { accepts, isClosed, parked, unparked, withdrawn } from '#contracts/v1/case-machine.ts';
import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import { withAuthors } from '#contracts/v1/second-person.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { CaseChange, CaseStore, StoredCase } from '../cases/case-store.ts';
import type { Documents } from '../documents.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface CaseCommandsOptions {
  cases: CaseStore;
  documents: Documents;
}

type Names = 'case.assign' | 'case.comment' | 'case.tag' | 'case.hold' | 'case.release' | 'case.fix';

/** Commands that change a case alone, not its transaction. */
export function caseCommands({ cases, documents }: CaseCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'case.assign': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const { assignee } = request;
        return changed(cases, request, `Assigned to ${assignee === '' ? 'nobody' : assignee}.`, (state) => {
          demand('assigned', state);
          return {
            type: 'assigned',
            note: request.note,
            detail: { assignee },
            patch: {
              assignee,
              ...(BY_ASSIGNEE.has(state.status) ? { status: assignee === '' ? 'open' : 'assigned' } : {}),
            },
          };
        });
      }),
    'case.comment': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const { mentions } = request;
        return changed(cases, request, 'Comment added.', ({ mentioned = [] }) => ({
          type: 'commented',
          note: request.note,
          ...(mentions.length === 0
            ? {}
            : {
                detail: { mentions: mentions.join(' ') },
                patch: { mentioned: [...new Set([...mentions, ...mentioned])].slice(0, 50) },
              }),
        }));
      }),
    'case.tag': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'Tags changed.', ({ tags = [] }) => {
          const added = request.add.filter((tag) => !tags.includes(tag));
          const removed = tags.filter((tag) => request.remove.includes(tag));
          const after = [...tags.filter((tag) => !removed.includes(tag)), ...new Set(added)];
          if (after.length > TAGS_MAX) throw new Refusal('refused', `A case carries at most ${TAGS_MAX} tags.`);
          return {
            type: 'tagged',
            detail: { added: added.join(' '), removed: removed.join(' ') },
            patch: { tags: after },
          };
        });
      }),
    'case.hold': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'On hold.', (state) => {
          demand('held', state);
          return {
            type: 'held',
            note: request.note,
            patch: { ...parked(state), ...withdrawn(state), status: 'on_hold' },
          };
        });
      }),
    'case.release': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'Released.', (state) => {
          demand('released', state);
          return { type: 'released', note: request.note, patch: { status: unparked(state), parked_from: undefined } };
        });
      }),
    'case.fix': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const current = await openCase(cases, request.case_id, request.revision);
        demand('fixed', current.state);
        const version = current.state.payload_version + 1;
        // The document comes first: a case never names a payload that is not durable.
        const seq = await documents.keepBytes(current.state.key, `received.${version}`, request.payload);
        return changed(cases, request, `Version ${version} of the payload is kept.`, (state) => ({
          type: 'fixed',
          note: request.reason,
          detail: { payload_version: String(version), document_seq: String(seq) },
          // A replay that awaited approval was of another payload.
          patch: {
            ...withdrawn(state),
            status: 'fixed',
            payload_version: version,
            payload_seq: seq,
            fixed_by: request.actor.id,
            // What a rule suggests may have been taken over: then its authors wrote this too.
            ...withAuthors(state, request.actor.id, ...(state.suggested_rule?.authors ?? [])),
            parked_from: undefined,
          },
        }));
      }),
  };
}

const TAGS_MAX = 20;

/** Statuses that only say whether somebody has the case. */
const BY_ASSIGNEE: ReadonlySet<CaseState['status']> = new Set(['open', 'assigned']);

const WORDS: Partial<Record<CaseState['status'], string>> = {
  replaying: 'The case is being replayed; wait for its outcome.',
  on_hold: 'The case is on hold; release it first.',
  awaiting_approval: 'The case awaits approval; a second person approves or declines it.',
};

/** @throws Refusal where an event of this type cannot come to the case as it is. */
export function demand(type: Parameters<typeof accepts>[0], state: CaseState): void {
  if (accepts(type, state.status)) return;
  throw new Refusal('refused', WORDS[state.status] ?? `The case is ${state.status.replaceAll('_', ' ')}.`);
}

/** @throws Refusal where there is no such case, it is closed, or somebody changed it since `revision`. */
export async function openCase(cases: CaseStore, id: string, revision: number): Promise<StoredCase> {
  const current = await existingCase(cases, id);
  if (isClosed(current.state))
    throw new Refusal('conflict', `The case is ${current.state.status} already.`, { current: current.state });
  if (current.state.revision !== revision) throw conflict(current.state);
  return current;
}

export async function existingCase(cases: CaseStore, id: string): Promise<StoredCase> {
  const current = await cases.get(id);
  if (current === undefined) throw new Refusal('not_found', 'There is no such case.');
  return current;
}

export const conflict = (current: CaseState): Refusal =>
  new Refusal('conflict', 'Somebody changed this case before you. Look at what they did, then decide again.', {
    current,
  });

/** Applies one change decided on the revision the request names. */
export async function changed(
  cases: CaseStore,
  request: { actor: Actor; case_id: string; revision: number },
  message: string,
  decide: (state: CaseState) => Omit<CaseChange, 'actor'>,
): Promise<CommandReply> {
  const current = await openCase(cases, request.case_id, request.revision);
  const after = await cases.change(current, { actor: request.actor.id, ...decide(current.state) });
  if (after === undefined) throw conflict((await existingCase(cases, request.case_id)).state);
  return { ok: true, case: after.state, message };
}
