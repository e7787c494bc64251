import type { CaseState } from '#contracts/v1/case.ts';
import { unparked, withdrawn } from '#contracts/v1/case-machine.ts';
import type { CommandReply } from '#contracts/v1/commands.ts';
import { partInReplay } from '#contracts/v1/second-person.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { CaseStore, StoredCase } from '../cases/case-store.ts';
import type { Replays } from '../cases/replays.ts';
import { discarded, restored } from '../flows/replay.ts';
import type { Runners } from '../flows/runners.ts';
import { changed, conflict, demand, existingCase, openCase } from './case-commands.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface ReplayCommandsOptions {
  cases: CaseStore;
  replays: Replays;
  runners: Runners;
  now: () => Date;
}

type Names = 'case.replay' | 'case.approve' | 'case.decline' | 'case.discard' | 'case.restore';

/** Replays, discards and restores: commands that move a case and its transaction together. */
export function replayCommands({ cases, replays, runners, now }: ReplayCommandsOptions): Pick<CommandHandlers, Names> {
  const runnerOf = (flow: CaseState['flow']) => {
    const runner = runners.get(flow);
    if (runner === undefined) throw new Refusal('refused', `The flow ${flow} does not run here.`);
    return runner;
  };
  const orConflict = async (id: string, after: CaseState | undefined): Promise<CaseState> => {
    if (after === undefined) throw conflict((await existingCase(cases, id)).state);
    return after;
  };
  return {
    'case.replay': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.replay');
        const current = await openCase(cases, request.case_id, request.revision);
        demand('replay_requested', current.state);
        if (request.override_stale && request.note === '')
          throw new Refusal('invalid', 'Say why this version is to be sent although there is a newer one.', {
            fields: [{ path: '/note', message: 'expected a reason' }],
          });
        const wish = { by: request.actor.id, note: request.note, overrideStale: request.override_stale };
        const after = await orConflict(request.case_id, await replays.ask(current, wish));
        const message =
          after.status === 'awaiting_approval'
            ? 'This moves more money than one person may: a second person has been asked to approve it.'
            : 'Replaying.';
        return { ok: true, case: after, message };
      }),
    'case.approve': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.approve');
        const current = await openCase(cases, request.case_id, request.revision);
        demand('approved', current.state);
        demandSecondPerson(request.actor.id, current.state);
        const after = await orConflict(request.case_id, await replays.approve(current, request.actor.id, request.note));
        return { ok: true, case: after, message: 'Approved. Replaying.' };
      }),
    'case.decline': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.approve');
        return changed(cases, request, 'Declined. Nothing was sent.', (state) => {
          demand('declined', state);
          const patch = { ...withdrawn(state), status: unparked(state), parked_from: undefined };
          return { type: 'declined', note: request.reason, patch };
        });
      }),
    'case.discard': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.discard');
        const closed_at = now().toISOString();
        const reply = await changed(cases, request, 'Discarded.', (state) => {
          if (state.status === 'replaying')
            throw new Refusal('refused', 'The case is being replayed; wait for its outcome.');
          return {
            type: 'discarded',
            note: request.reason,
            patch: {
              status: 'discarded',
              closed_at,
              outcome: request.reason,
              approval: undefined,
              parked_from: undefined,
            },
          };
        });
        if (reply.ok && reply.case !== undefined) {
          const { case_id, flow, key } = reply.case;
          const by = request.actor.id;
          await runnerOf(flow).amend(key, (view) => discarded(view, { case_id, by, reason: request.reason }));
        }
        return reply;
      }),
    'case.restore': (request) =>
      replying(async () => {
        authorise(request.actor, 'cases.discard');
        const current = await existingCase(cases, request.case_id);
        if (current.state.status !== 'discarded')
          throw new Refusal('refused', 'Only a discarded case can be restored.');
        if (current.state.revision !== request.revision) throw conflict(current.state);
        return restore(current, request.actor.id, request.note);
      }),
  };

  async function restore(current: StoredCase, by: string, note: string): Promise<CommandReply> {
    const { case_id, flow, key } = current.state;
    // The order first: one that went on without this case, being cancelled, has nothing to be restored.
    const amended = await runnerOf(flow).amend(key, (view) => restored(view, { case_id, by }));
    if (amended === 'unknown') throw new Refusal('not_found', 'The transaction of this case is no longer kept.');
    if ('refuse' in amended) throw new Refusal('refused', amended.refuse);
    const patch: Partial<CaseState> = { status: 'open', closed_at: '', outcome: '' };
    const after = await cases.change(current, { type: 'restored', actor: by, note, patch });
    return { ok: true, case: await orConflict(case_id, after?.state), message: 'Restored.' };
  }
}

/** @throws Refusal for whoever asked for the replay or wrote what it would send: four eyes are not two. */
function demandSecondPerson(id: string, state: CaseState): void {
  const part = partInReplay(id, state);
  if (part === undefined) return;
  throw new Refusal('refused', `You ${DID[part]}, so somebody else has to approve it.`, { because: 'same_person' });
}

const DID: Record<NonNullable<ReturnType<typeof partInReplay>>, string> = {
  asked: 'asked for this replay',
  wrote_version: 'wrote this version of the payload',
  wrote_part: 'wrote part of what this replay sends',
};
