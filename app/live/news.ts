import type { Nudge } from '#contracts/v1/live.ts';

/** Kinds of change that pages hear of: what ingest landed, and what people do to incidents. */
export type Topic = Nudge['topics'][number] | 'incidents';

/** What changed; keys are those of transactions, or the id of an incident. */
export type News = Pick<Nudge, 'flows' | 'keys' | 'more'> & { topics: readonly Topic[] };

/** An incident was raised, or something of it changed. */
export const ofIncident = (id: string): News => ({ topics: ['incidents'], flows: [], keys: [id], more: false });
