import type { CaseState } from '#contracts/v1/case.ts';
import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { isClosed } from '../cases/case-desk.ts';
import type { CaseChange, CaseStore, StoredCase } from '../cases/case-store.ts';
import type { Documents } from '../documents.ts';
import { Refusal, authorise, replying } from './replies.ts';

export interface CaseCommandsOptions {
  cases: CaseStore;
  documents: Documents;
}

type Names = 'case.assign' | 'case.comment' | 'case.hold' | 'case.release' | 'case.fix';

/** Commands that change a case alone, not its transaction. */
export function caseCommands({ cases, documents }: CaseCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'case.assign': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const { assignee } = request;
        return changed(cases, request, `Assigned to ${assignee === '' ? 'nobody' : assignee}.`, (state) => ({
          type: 'assigned',
          note: request.note,
          detail: { assignee },
          patch: { assignee, ...(state.status === 'open' && assignee !== '' ? { status: 'assigned' } : {}) },
        }));
      }),
    'case.comment': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'Comment added.', () => ({ type: 'commented', note: request.note }));
      }),
    'case.hold': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'On hold.', (state) => {
          if (state.status === 'replaying')
            throw new Refusal('refused', 'The case is being replayed; wait for its outcome.');
          return { type: 'held', note: request.note, patch: { status: 'on_hold' } };
        });
      }),
    'case.release': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        return changed(cases, request, 'Released.', (state) => {
          if (state.status !== 'on_hold') throw new Refusal('refused', 'The case is not on hold.');
          return {
            type: 'released',
            note: request.note,
            patch: { status: state.assignee === '' ? 'open' : 'assigned' },
          };
        });
      }),
    'case.fix': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.work');
        const current = await openCase(cases, request.case_id, request.revision);
        const version = current.state.payload_version + 1;
        // The document comes first: a case never names a payload that is not durable.
        const seq = await documents.keepBytes(current.state.key, `received.${version}`, request.payload);
        return changed(cases, request, `Version ${version} of the payload is kept.`, () => ({
          type: 'fixed',
          note: request.reason,
          detail: { payload_version: String(version), document_seq: String(seq) },
          patch: { status: 'fixed', payload_version: version },
        }));
      }),
  };
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
