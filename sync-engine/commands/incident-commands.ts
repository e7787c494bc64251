import type { Estate } from '#contracts/v1/estate.ts';
import { type Incident, incidentPermission, linkKey } from '#contracts/v1/incident.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { applyIncidentChange, demandKnown, demandPast } from '../incidents/incident-change.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { Refusal } from '../refusal.ts';
import { authorise, replying } from './replies.ts';

export interface IncidentCommandsOptions {
  incidents: IncidentStore;
  estate: Pick<Estate, 'systems' | 'channels'>;
  now: () => Date;
}

type Names = 'incident.raise' | 'incident.change';

/** What people decide about incidents: that there is one, what is known of it, and its end. */
export function incidentCommands({ incidents, estate, now }: IncidentCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'incident.raise': ({ actor, text, since, links, ...said }) =>
      replying(async () => {
        authorise(actor, 'incidents.raise');
        demandKnown({ affected: said.affected, links }, estate);
        const at = now();
        if (since !== undefined) demandPast(since, at, '/since');
        const stamp = at.toISOString();
        const by = { raised_at: stamp, raised_by: actor.id, updated_at: stamp, updated_by: actor.id };
        const unlike = [...new Map(links.map((link) => [linkKey(link), link])).values()];
        const incident = await incidents.raise(
          { ...said, ...by, state: 'open', since: since ?? stamp, links: unlike },
          text,
        );
        return { ok: true, incident, message: `${incident.incident_id} is raised: everybody sees it now.` };
      }),
    'incident.change': ({ actor, incident_id, revision, change }) =>
      replying(async () => {
        authorise(actor, incidentPermission[change.kind]);
        if (change.kind === 'correct') demandKnown(change, estate);
        if (change.kind === 'link') demandKnown({ links: [change.link] }, estate);
        const stored = await incidents.get(incident_id);
        if (stored === undefined) throw new Refusal('not_found', `There is no incident ${incident_id}.`);
        if (stored.state.revision !== revision) throw changedBefore(stored.state);
        const { state, entry, message } = applyIncidentChange(stored.state, { change, by: actor.id, now: now() });
        if (await incidents.change(stored, state, entry)) return { ok: true, incident: state, message };
        throw changedBefore((await incidents.get(incident_id))?.state ?? stored.state);
      }),
  };
}

/** Who was first. What the second wrote is still theirs to send. */
const changedBefore = ({ incident_id, updated_by }: Incident): Refusal =>
  new Refusal(
    'conflict',
    `${updated_by} changed ${incident_id} while you wrote. What you wrote is still here: look at what is new, then send it again.`,
  );
