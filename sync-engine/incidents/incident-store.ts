import { isDeepStrictEqual } from 'node:util';
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { type Incident, incidentEvent, type IncidentEvent } from '#contracts/v1/incident.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { publishFenced, readLast, readNextOfLeader } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { Refusal } from '../refusal.ts';
import type { Entry } from './incident-change.ts';

type Said = Pick<Incident, 'title' | 'severity' | 'affected' | 'lead' | 'links'>;
const saidOf = ({ title, severity, affected, lead, links }: Said): Said => ({ title, severity, affected, lead, links });

/** How many incidents back a form that is sent again is known by. */
const LOOK_BACK = 20;

export interface StoredIncident {
  state: Incident;
  seq: number;
}

/**
 * Incidents, each a stream of its own on `incidents.<id>` with the incident in its last event, so that the subject is the
 * timeline. Two changes decided on the same revision cannot both happen.
 */
export class IncidentStore {
  readonly #publisher: Publisher;
  readonly #manager: JetStreamManager;
  readonly #nonce: string;
  #writes = 0;

  constructor(publisher: Publisher, manager: JetStreamManager, nonce: string) {
    this.#publisher = publisher;
    this.#manager = manager;
    this.#nonce = nonce;
  }

  /** The incident as it is now, asked of the leader. */
  async get(id: string): Promise<StoredIncident | undefined> {
    const last = await readLast(this.#manager, streams.incidents, subjects.incident(id));
    return last && { state: incidentEvent.parse(last.json()).state, seq: last.seq };
  }

  /**
   * Writes the first entry under the next number that is free. The same form sent twice raises one incident: whoever
   * comes second passes the number that the first has taken, and finds its own `raise_id` there. (As a message id it
   * would not fence: two that race for a number would have two.)
   *
   * @returns the incident as it stands, which somebody may have changed since the form was sent first
   * @throws Refusal where the form says something else by now: what is new must not be taken for told
   */
  async raise(incident: Omit<Incident, 'incident_id' | 'revision'>, text: string): Promise<Incident> {
    const latest = await this.#latestNumber();
    for (let number = Math.max(1, latest - LOOK_BACK + 1); ; number += 1) {
      const state: Incident = { ...incident, incident_id: `INC-${number}`, revision: 1 };
      if (number > latest && (await this.#append(0, state, { type: 'raised', text }))) return state;
      if (incident.raise_id === undefined) continue;
      const taken = await this.get(state.incident_id);
      if (taken?.state.raise_id !== incident.raise_id) continue;
      if (await this.#wasSaid(state.incident_id, incident, text)) return taken.state;
      throw new Refusal(
        'conflict',
        `${state.incident_id} was raised as this form was first sent. What you wrote since is still here: add it to ${state.incident_id}.`,
      );
    }
  }

  /** Writes the entry that makes `current` into `state`. @returns false where somebody else was first. */
  change(current: StoredIncident, state: Incident, entry: Entry): Promise<boolean> {
    return this.#append(current.seq, state, entry);
  }

  /** Is it what the incident was raised with? */
  async #wasSaid(id: string, said: Said, text: string): Promise<boolean> {
    const entry = await readNextOfLeader(this.#manager, streams.incidents, subjects.incident(id), 1);
    const first = entry && incidentEvent.parse(entry.json());
    return first?.text === text && isDeepStrictEqual(saidOf(first.state), saidOf(said));
  }

  async #latestNumber(): Promise<number> {
    const { state } = await this.#manager.streams.info(streams.incidents, { subjects_filter: subjects.allIncidents });
    const numbers = Object.keys(state.subjects ?? {}).map((subject) => Number(subject.split('-').at(-1)));
    return Math.max(0, ...numbers);
  }

  async #append(expectedSeq: number, state: Incident, entry: Entry): Promise<boolean> {
    const writer = `${this.#nonce}-i${(++this.#writes).toString(36)}`;
    const event: IncidentEvent = {
      v: 1,
      event_id: `${state.incident_id}:${state.revision}`,
      at: state.updated_at,
      by: state.updated_by,
      ...entry,
      writer,
      state,
    };
    const result = await publishFenced(this.#publisher, this.#manager, {
      stream: streams.incidents,
      subject: subjects.incident(state.incident_id),
      data: JSON.stringify(event),
      msgId: event.event_id,
      expectedSeq,
      isMine: (last: StoredMsg) => last.json<IncidentEvent>().writer === writer,
    });
    return result.won;
  }
}
