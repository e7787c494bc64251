import type { Actor } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { KnownReconciliation } from '../reconciliation/known.ts';
import type { BreakState, ReconciliationStore } from '../reconciliation/store.ts';
import { newRun } from '../reconciliation/worker.ts';
import { Refusal } from '../refusal.ts';
import { changedMeanwhile } from './break-fetch.ts';
import { authorise, replying } from './replies.ts';

export interface ReconciliationCommandsOptions {
  store: ReconciliationStore;
  known: KnownReconciliation;
  estate: Pick<Estate, 'reconciliations'>;
  now: () => Date;
}

type Handlers = Pick<CommandHandlers, 'reconciliation.run' | 'break.assign' | 'break.comment' | 'break.close'>;

/** Compares beside the schedule, and what people do about breaks. */
export function reconciliationCommands(options: ReconciliationCommandsOptions): Handlers {
  const { store, known, estate, now } = options;

  /** Changes an open break that is still as the asker saw it. @throws Refusal */
  async function change(
    asked: { actor: Actor; break_id: string; revision: number },
    patch: Partial<BreakState> & Pick<BreakState, 'type'>,
    message: string,
  ) {
    const current = await store.break(asked.break_id);
    if (current === undefined) throw new Refusal('not_found', 'There is no such break.');
    const { state } = current;
    authorise(asked.actor, state.domain === 'accounting' && patch.type === 'closed' ? 'breaks.settle' : 'breaks.work');
    if (state.revision !== asked.revision) throw changedMeanwhile(state);
    if (state.status !== 'open' && patch.type !== 'commented')
      throw new Refusal('refused', `This break is ${state.status} already.`);
    const after = await store.putBreak(current, {
      ...state,
      note: '',
      at: now().toISOString(),
      actor: asked.actor.id,
      ...patch,
    });
    if (after === undefined) throw changedMeanwhile((await store.break(asked.break_id))?.state ?? state);
    return { ok: true as const, break: after.state, message };
  }

  return {
    'reconciliation.run': (request) =>
      replying(async () => {
        authorise(request.actor, 'reconciliation.run');
        const plan = estate.reconciliations.find(({ id }) => id === request.plan);
        if (plan === undefined)
          throw new Refusal('not_found', `The estate declares no reconciliation ${request.plan}.`);
        await known.caughtUp();
        const active = known.runs.active(plan.id);
        if (active !== undefined)
          throw new Refusal('conflict', `${plan.name} is being compared already, for ${active.requested_by}.`);
        const at = now();
        const covered = known.runs.covered(plan.id);
        const declared = await store.declaredSince(plan.id);
        const wanted = newRun(plan, { by: request.actor.id, at, due: at, covered, declared });
        const run = await store.putRun(undefined, wanted);
        if (run === undefined) throw new Error('a new reconciliation could not be written');
        return { ok: true, reconciliation: run.state, message: `${plan.name} is being compared.` };
      }),
    'break.assign': (request) =>
      replying(() => {
        const { assignee, note } = request;
        const message = assignee === '' ? 'Nobody works on it now.' : `${assignee} works on it now.`;
        return change(request, { type: 'assigned', assignee, note }, message);
      }),
    'break.comment': (request) =>
      replying(() => change(request, { type: 'commented', note: request.note }, 'The comment was added.')),
    'break.close': (request) =>
      replying(() => {
        const { reason, document_number } = request;
        const patch = { status: 'closed' as const, reason, document_number, closed_at: now().toISOString() };
        return change(request, { type: 'closed', note: reason, ...patch }, 'The break is closed.');
      }),
  };
}
