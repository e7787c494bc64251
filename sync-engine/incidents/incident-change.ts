import type { Estate } from '#contracts/v1/estate.ts';
import {
  type Incident,
  type IncidentChange,
  type IncidentEvent,
  type IncidentLink,
  linkKey,
  MOST_LINKS,
} from '#contracts/v1/incident.ts';
import { Refusal } from '../refusal.ts';

/** What an entry of the timeline says beside who and when. */
export type Entry = Pick<IncidentEvent, 'type' | 'text' | 'link' | 'from' | 'to'>;

export interface Decided {
  change: IncidentChange;
  by: string;
  now: Date;
}

export interface Changed {
  state: Incident;
  entry: Entry;
  /** To whoever asked. */
  message: string;
}

/** An incident after a change, and the entry that says so. @throws Refusal where the change makes no sense for it */
export function applyIncidentChange(current: Incident, { change, by, now }: Decided): Changed {
  const at = now.toISOString();
  const id = current.incident_id;
  if (current.state === 'ended' && change.kind !== 'reopen' && change.kind !== 'update')
    throw new Refusal('refused', `${id} has ended. Reopen it first, or add an update.`);
  const changed = (after: Partial<Incident>, entry: Entry, message: string): Changed => ({
    state: { ...current, ...after, revision: current.revision + 1, updated_at: at, updated_by: by },
    entry,
    message,
  });
  switch (change.kind) {
    case 'update':
      return changed({}, { type: 'updated', text: change.text }, 'Everybody sees the update now.');
    case 'link': {
      const { link } = change;
      if (holds(current.links, link)) throw new Refusal('refused', `This is linked to ${id} already.`);
      if (current.links.length >= MOST_LINKS)
        throw new Refusal('refused', `${id} has ${MOST_LINKS} links. Link the cause that the rest share.`);
      return changed({ links: [...current.links, link] }, { type: 'linked', text: '', link }, `Linked to ${id}.`);
    }
    case 'unlink': {
      const { link } = change;
      if (!holds(current.links, link)) throw new Refusal('refused', `This is not linked to ${id} any more.`);
      const links = current.links.filter((one) => linkKey(one) !== linkKey(link));
      return changed({ links }, { type: 'unlinked', text: '', link }, `No longer linked to ${id}.`);
    }
    case 'severity': {
      const { severity, text } = change;
      if (severity === current.severity) throw new Refusal('refused', `${id} is ${severity} already.`);
      const entry: Entry = { type: 'severity_changed', text, from: current.severity, to: severity };
      return changed({ severity }, entry, `${id} is ${severity} now.`);
    }
    case 'lead': {
      const { lead } = change;
      if (lead === current.lead)
        throw new Refusal('refused', lead === '' ? `Nobody leads ${id}.` : `${lead} leads ${id} already.`);
      const entry: Entry = { type: 'lead_changed', text: '', from: current.lead, to: lead };
      return changed({ lead }, entry, lead === '' ? `Nobody leads ${id} now.` : `${lead} leads ${id} now.`);
    }
    case 'correct': {
      const { title, affected, since } = change;
      demandPast(since, now, '/change/since');
      const text = corrections(current, change);
      if (text === '') throw new Refusal('refused', `${id} says this already.`);
      return changed({ title, affected, since }, { type: 'corrected', text }, `${id} is corrected.`);
    }
    case 'end':
      return end(current, change, { by, at, now, changed });
    case 'reopen': {
      if (current.state === 'open') throw new Refusal('refused', `${id} is open.`);
      const { ending: _ended, ...open } = current;
      return {
        state: { ...open, state: 'open', revision: current.revision + 1, updated_at: at, updated_by: by },
        entry: { type: 'reopened', text: change.text },
        message: `${id} is open again.`,
      };
    }
  }
}

function end(
  current: Incident,
  { account, ended_at: over, figures }: Extract<IncidentChange, { kind: 'end' }>,
  { by, at, now, changed }: { by: string; at: string; now: Date; changed: (...as: ChangedArguments) => Changed },
): Changed {
  const ended_at = over ?? at;
  demandPast(ended_at, now, '/change/ended_at');
  if (ended_at < current.since) {
    const message = `It cannot be over before it began, which was ${current.since}.`;
    throw new Refusal('invalid', message, { fields: [{ path: '/change/ended_at', message }] });
  }
  const duration_s = Math.round((Date.parse(ended_at) - Date.parse(current.since)) / 1_000);
  const ending = { ...account, ended_at, written_by: by, written_at: at, duration_s, figures };
  return changed(
    { state: 'ended', ending },
    { type: 'ended', text: account.happened },
    `${current.incident_id} has ended.`,
  );
}
type ChangedArguments = [after: Partial<Incident>, entry: Entry, message: string];

const holds = (links: readonly IncidentLink[], link: IncidentLink): boolean =>
  links.some((one) => linkKey(one) === linkKey(link));

/** What was put right, in words that stand on the timeline; empty where nothing was. */
function corrections(current: Incident, change: Extract<IncidentChange, { kind: 'correct' }>): string {
  const said: string[] = [];
  if (change.title !== current.title) said.push(`It was called “${current.title}”.`);
  if (change.since !== current.since) said.push(`It was said to have begun ${current.since}.`);
  const ids = ({ systems, channels, flows }: Incident['affected']) =>
    [...systems, ...channels, ...flows].sort().join(', ');
  if (ids(change.affected) !== ids(current.affected))
    said.push(`It was said to affect ${ids(current.affected) || 'nothing in particular'}.`);
  return said.join(' ');
}

/** @throws Refusal where something is said to have happened that has not yet. */
export function demandPast(at: string, now: Date, path: string): void {
  if (Date.parse(at) <= now.getTime()) return;
  const message = 'This time has not come yet. Choose an earlier one.';
  throw new Refusal('invalid', message, { fields: [{ path, message }] });
}

/** @throws Refusal where something is named that the estate does not have. */
export function demandKnown(
  { affected, links }: { affected?: Incident['affected']; links?: readonly IncidentLink[] },
  estate: Pick<Estate, 'systems' | 'channels'>,
): void {
  const connectors = (links ?? []).flatMap((link) => (link.kind === 'connector' ? [link.connector_id] : []));
  const strange =
    unknownOf('system', [...(affected?.systems ?? []), ...connectors], estate.systems) ??
    unknownOf('channel', affected?.channels ?? [], estate.channels);
  if (strange !== undefined) throw new Refusal('invalid', strange);
}

function unknownOf(what: string, ids: readonly string[], known: readonly { id: string }[]): string | undefined {
  const strange = ids.find((id) => !known.some((one) => one.id === id));
  return strange === undefined ? undefined : `This estate has no ${what} ${strange}. Choose one that it has.`;
}
