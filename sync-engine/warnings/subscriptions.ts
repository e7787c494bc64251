import type { System } from '#contracts/v1/estate.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import type { ListedSubscription } from '../connectors/subscription-services.ts';

/** What a system is to tell us of, and where. */
export interface Needed {
  topics: readonly string[];
  /** Absent where the estate does not say under which address we are called. */
  address?: string;
}

/**
 * Topics that the setting `webhook_topics` names, separated by commas; without it all that the connector reads. The setting
 * `webhook_address` is the address that the system calls.
 */
export function neededOf(
  { settings }: Pick<System, 'settings'>,
  { topics = {} }: Pick<ConnectorDefinition, 'topics'>,
): Needed {
  const named = settings['webhook_topics']?.split(',').map((topic) => topic.trim());
  const address = settings['webhook_address'];
  return { topics: (named ?? Object.keys(topics)).filter(Boolean), ...(address === undefined ? {} : { address }) };
}

/** Topics that nobody is told of at our address, or anywhere where that is not known. Pure. */
export function missingTopics({ topics, address }: Needed, listed: readonly ListedSubscription[]): string[] {
  const there = new Set(
    listed.filter((one) => address === undefined || one.address === address).map((one) => one.topic),
  );
  return topics.filter((topic) => !there.has(topic));
}

/** Where to subscribe: at the declared address, or else at the one that all other subscriptions have. Pure. */
export function addressFor({ address }: Needed, listed: readonly ListedSubscription[]): string | undefined {
  if (address !== undefined) return address;
  const [first, ...others] = new Set(listed.map((one) => one.address));
  return others.length === 0 ? first : undefined;
}
