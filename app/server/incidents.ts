import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { type Incident, incidentEvent, type IncidentEvent } from '#contracts/v1/incident.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { addStream } from '#platform/nats/streams.ts';

/** Incidents as the engine keeps them, in memory and current to within milliseconds. */
export interface Incidents {
  /** The newest first. */
  all(): Incident[];
  get(id: string): Incident | undefined;
  /** One as it is now, asked of NATS: what is in memory may be a moment behind. */
  read(id: string): Promise<Incident | undefined>;
  /** Every entry of one, the oldest first, asked of NATS. */
  timeline(id: string): Promise<IncidentEvent[]>;
  /** Takes over what the engine has just answered, so that this process sees its own change at once. */
  learn(incident: Incident): void;
  /** Is called with the id of whichever incident has changed. */
  onChange(listener: (id: string) => void): void;
  close(): void;
}

/** Follows stream INCIDENTS, so that every page can say what is open without asking. */
export async function followIncidents(js: JetStreamClient, jsm: JetStreamManager, log: Log): Promise<Incidents> {
  // The console may be there before the engine.
  await addStream(jsm, streams.incidents);
  const known = new Map<string, Incident>();
  const listeners: ((id: string) => void)[] = [];
  const learn = (incident: Incident) => {
    if ((known.get(incident.incident_id)?.revision ?? 0) >= incident.revision) return;
    known.set(incident.incident_id, incident);
    for (const listener of listeners) listener(incident.incident_id);
  };
  const following = await followLatest(js, jsm, {
    stream: streams.incidents,
    subject: subjects.allIncidents,
    log,
    onMessage: (message) => learn(incidentEvent.parse(message.json()).state),
  });
  await following.caughtUp();
  return {
    all: () => [...known.values()].sort((a, b) => b.raised_at.localeCompare(a.raised_at)),
    get: (id) => known.get(id),
    read: async (id) => {
      const last = await readLast(jsm, streams.incidents, subjects.incident(id));
      return last && incidentEvent.parse(last.json()).state;
    },
    timeline: async (id) =>
      (await readSubject(js, jsm, streams.incidents, subjects.incident(id))).map((message) =>
        incidentEvent.parse(message.json()),
      ),
    learn,
    onChange: (listener) => void listeners.push(listener),
    close: () => following.stop(),
  };
}
