import type { Estate } from '#contracts/v1/estate.ts';

/** Which locations are published to which channels: parallel lists. */
export interface Pairs {
  locations: string[];
  channels: string[];
}

/**
 * Which locations are published to which channels. A channel that reads availability by itself, or is only observed, is
 * published nothing and so can have nothing stale.
 */
export function publishedPairs(estate: Estate): Pairs {
  const pairs = estate.channels.flatMap((channel) => {
    const system = estate.systems.find((one) => one.id === channel.system);
    const pushed = system?.mode === 'live' && system.kind !== 'channel-api';
    return pushed ? channel.locations.map((location) => ({ location, channel: channel.id })) : [];
  });
  return { locations: pairs.map((pair) => pair.location), channels: pairs.map((pair) => pair.channel) };
}

/** Items whose newest change is older than this are stale: the target before now, to the second. */
export const staleBefore = ({ publication_target_s }: Estate, now: Date): string =>
  new Date(Math.floor(now.getTime() / 1_000 - publication_target_s) * 1_000).toISOString();
