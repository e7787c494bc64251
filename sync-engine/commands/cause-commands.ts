import type { KV } from '@nats-io/kv';
import { type CauseChange, type CauseState, causeState } from '#contracts/v1/cause.ts';
import type { Causes } from '#platform/causes.ts';
import { compareAndSwap, getJson } from '#platform/nats/kv.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { applyCauseChange } from './cause-change.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface CauseCommandsOptions {
  /** Bucket CAUSES. */
  kv: KV;
  /** Tells this replica at once; the others hear of it by their watch. */
  learn: Causes['learn'];
  now: () => Date;
}

/** What people decide about a cause: who sees to it, what is known, whether its cases wait or are out of sight. */
export function causeCommands({ kv, learn, now }: CauseCommandsOptions): Pick<CommandHandlers, 'cause.change'> {
  return {
    'cause.change': ({ actor, fingerprint, revision, change }) =>
      replying(async () => {
        authorise(actor, 'cases.work');
        const stored = await getJson(kv, fingerprint, causeState);
        const current = stored?.value;
        if ((current?.revision ?? 0) !== revision) throw conflict(current);
        const { state, message } = applyCauseChange(current, { fingerprint, change, by: actor.id, now: now() });
        const written = await compareAndSwap(kv, fingerprint, JSON.stringify(state), stored?.revision ?? 0);
        if (written === undefined) throw conflict((await getJson(kv, fingerprint, causeState))?.value);
        learn(state);
        return { ok: true, cause: state, message };
      }),
  };
}

const did: Record<CauseChange['kind'], string> = {
  own: 'changed who owns this cause',
  note: 'changed the note on this cause',
  runbook: 'changed the runbook of this cause',
  hold: 'put this cause on hold',
  release: 'released this cause',
  mute: 'muted this cause',
  unmute: 'unmuted this cause',
};

/** Who was first with what. */
function conflict(current: CauseState | undefined): Refusal {
  if (current === undefined)
    return new Refusal('conflict', 'Nothing is decided about this cause any more. Look again, then decide.');
  const what = current.last_change === undefined ? 'changed this cause' : did[current.last_change];
  const message = `${current.updated_by} ${what} before you. Look at what is there now, then decide again.`;
  return new Refusal('conflict', message, { currentCause: current });
}
