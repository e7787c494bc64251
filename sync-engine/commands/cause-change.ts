import type { CauseChange, CauseMute, CauseState } from '#contracts/v1/cause.ts';
import { Refusal } from '../refusal.ts';

export interface DecidedChange {
  fingerprint: string;
  change: CauseChange;
  by: string;
  now: Date;
}

const DAY_MS = 86_400_000;
/** What is out of sight for longer is forgotten, not muted. */
const LONGEST_MUTE_DAYS = 366;

/** A cause after a change. @throws Refusal where the change makes no sense for what is there. */
export function applyCauseChange(
  current: CauseState | undefined,
  { fingerprint, change, by, now }: DecidedChange,
): { state: CauseState; message: string } {
  const at = now.toISOString();
  const before: Pick<CauseState, 'owner' | 'note' | 'runbook_url' | 'revision' | 'hold' | 'mute'> =
    current ?? undecided;
  const { hold, mute } = before;
  const changed = (after: Partial<CauseState>, message: string, drop: 'hold' | 'mute' | 'nothing' = 'nothing') => ({
    state: {
      ...without(before, drop),
      ...after,
      v: 1 as const,
      fingerprint,
      revision: before.revision + 1,
      last_change: change.kind,
      updated_by: by,
      updated_at: at,
    },
    message,
  });
  switch (change.kind) {
    case 'own': {
      const { owner } = change;
      if (owner === before.owner)
        throw nothing(owner === '' ? 'Nobody owns this cause already.' : `${owner} owns this cause already.`);
      return changed({ owner }, owner === '' ? 'Nobody owns this cause now.' : `${owner} owns this cause now.`);
    }
    case 'note':
      if (change.note === before.note) throw nothing('The note says this already.');
      return changed({ note: change.note }, change.note === '' ? 'The note is gone.' : 'The note is kept.');
    case 'runbook': {
      const { runbook_url } = change;
      if (runbook_url === before.runbook_url) throw nothing('The runbook is this already.');
      return changed(
        { runbook_url },
        runbook_url === '' ? 'It has no runbook of its own now.' : 'The runbook is kept.',
      );
    }
    case 'hold':
      if (hold !== undefined) throw nothing(`This cause is on hold already: ${hold.by} said “${hold.reason}”.`);
      return changed({ hold: { by, at, reason: reasonOf(change.reason) } }, 'The cause is on hold.');
    case 'release': {
      if (hold === undefined) throw nothing('This cause is not on hold.');
      return changed({}, 'The cause is released.', 'hold');
    }
    case 'mute':
      demandFuture(change.until, now);
      return changed({ mute: { by, at, reason: reasonOf(change.reason), until: change.until } }, 'The cause is muted.');
    case 'unmute': {
      if (mute === undefined) throw nothing('This cause is not muted.');
      return changed({}, 'The cause is shown again.', 'mute');
    }
  }
}

const undecided = { owner: '', note: '', runbook_url: '' as const, revision: 0 };

function without<T extends object>(state: T, name: string): T {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key !== name)) as T;
}

const nothing = (message: string) => new Refusal('refused', message);

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new Refusal('invalid', 'Give a reason: colleagues read it beside the cause.');
}

function demandFuture(until: CauseMute['until'], now: Date): void {
  if (until.kind !== 'date') return;
  const ahead = Date.parse(until.at) - now.getTime();
  const wrong =
    ahead <= 0
      ? 'The date until which to mute it has passed already. Choose a later one.'
      : ahead > LONGEST_MUTE_DAYS * DAY_MS
        ? 'A cause can be muted for a year at most. Choose an earlier date.'
        : undefined;
  if (wrong !== undefined) throw new Refusal('invalid', wrong);
}
