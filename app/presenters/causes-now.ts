import type { CauseState } from '#contracts/v1/cause.ts';
import { isMuted, noneOpened, type OpenedSince } from '#app/causes/mute.ts';
import { causeOpenings } from '#app/queries/cause-openings.ts';
import type { AppContext } from '#app/server/context.ts';

/** What people decided about a cause, as it holds now. */
export interface Standing extends Pick<CauseState, 'revision' | 'owner' | 'note' | 'hold'> {
  fingerprint: string;
  /** Empty where it has none of its own; http or https otherwise. */
  runbookUrl: string;
  /** A mute, whether it still holds, and what came since. */
  mute: (NonNullable<CauseState['mute']> & { holds: boolean; since: OpenedSince }) | undefined;
  /** Who decided the latest, and when; empty where nobody decided anything. */
  updatedBy: string;
  updatedAt: string;
}

export interface CausesNow {
  /** Fingerprints, in order, so that equal questions stay equal. */
  muted: string[];
  held: string[];
  /** Everybody who owns a cause. */
  owners: string[];
  of(fingerprint: string): Standing;
}

/** Which causes are muted and on hold at this moment. Asks ClickHouse only where a mute ends by cases. */
export async function readCausesNow({
  causes,
  read,
  now,
}: Pick<AppContext, 'causes' | 'read' | 'now'>): Promise<CausesNow> {
  const states = [...causes.all()];
  const counted = states
    .flatMap(({ fingerprint, mute }) =>
      mute === undefined || mute.until.kind === 'date' ? [] : [{ fingerprint, since: mute.at }],
    )
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const openings =
    counted.length === 0
      ? []
      : await read(causeOpenings, {
          fingerprints: counted.map(({ fingerprint }) => fingerprint),
          since: counted.map(({ since }) => since),
        });
  const sinceOf = new Map(openings.map(({ fingerprint, ...since }) => [fingerprint, since]));
  const at = now();
  const standings = new Map(states.map((state) => [state.fingerprint, standingOf(state, sinceOf, at)]));
  const where = (holds: (standing: Standing) => boolean) =>
    [...standings.values()]
      .filter(holds)
      .map(({ fingerprint }) => fingerprint)
      .sort();
  return {
    muted: where(({ mute }) => mute?.holds === true),
    held: where(({ hold }) => hold !== undefined),
    owners: [...new Set(states.flatMap(({ owner }) => (owner === '' ? [] : [owner])))].sort(),
    of: (fingerprint) => standings.get(fingerprint) ?? undecided(fingerprint),
  };
}

function standingOf(state: CauseState, sinceOf: ReadonlyMap<string, OpenedSince>, now: Date): Standing {
  const { fingerprint, revision, owner, note, hold, mute } = state;
  const since = sinceOf.get(fingerprint) ?? noneOpened;
  return {
    fingerprint,
    revision,
    owner,
    note,
    ...(hold === undefined ? {} : { hold }),
    runbookUrl: state.runbook_url,
    mute: mute === undefined ? undefined : { ...mute, since, holds: isMuted(mute, since, now) },
    updatedBy: state.updated_by,
    updatedAt: state.updated_at,
  };
}

const undecided = (fingerprint: string): Standing => ({
  fingerprint,
  revision: 0,
  owner: '',
  note: '',
  runbookUrl: '',
  mute: undefined,
  updatedBy: '',
  updatedAt: '',
});
