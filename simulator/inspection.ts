import type { Subscriber } from './subscriber.ts';
import type { Systems } from './systems.ts';
import type { MailSink } from './vendors/smtp/index.ts';

export type Counts = Record<string, unknown>;

/** What the systems hold, for tests, chaos runs and metrics. */
export interface Inspection {
  /** Ids and amounts, of one system or of all, by system id. */
  state: (system?: string) => Record<string, Record<string, unknown>>;
  /** Counts of all systems, with the statuses they answered. */
  counts: () => Record<string, Counts>;
}

export function createInspection(systems: Systems, mailId: string, mail: MailSink, subscriber: Subscriber): Inspection {
  const readers = new Map<string, { state: () => Record<string, unknown>; counts: () => Counts }>();
  for (const { id, api, statuses } of systems.served)
    readers.set(id, {
      state: () => api.state(),
      counts: () => ({ ...api.counts(), answers: Object.fromEntries(statuses) }),
    });
  for (const [id, thirdParty] of systems.thirdParties) readers.set(id, thirdParty);
  for (const [id, buyer] of systems.buyers) readers.set(id, buyer);
  readers.set(mailId, { state: () => mail.state(), counts: () => mail.counts() });
  readers.set('subscriber', {
    state: () => ({ messages: subscriber.taken('partner') }),
    counts: () => subscriber.counts(),
  });
  return {
    state: (system) => {
      const chosen = [...readers].filter(([id]) => system === undefined || id === system);
      return Object.fromEntries(chosen.map(([id, reader]) => [id, reader.state()]));
    },
    counts: () => Object.fromEntries([...readers].map(([id, reader]) => [id, reader.counts()])),
  };
}
