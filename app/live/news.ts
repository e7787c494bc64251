import type { Nudge } from '#contracts/v1/live.ts';

/** Kinds of change that pages hear of: what ingest landed, and what people do to incidents. */
export type Topic = Nudge['topics'][number] | 'incidents';

/** What changed. */
export type News = Pick<Nudge, 'flows' | 'keys' | 'more'> & { topics: readonly Topic[] };

/** An incident was raised, or something of one changed. */
export const ofIncidents: News = { topics: ['incidents'], flows: [], keys: [], more: false };
