import type { System } from '#contracts/v1/estate.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { ListedSubscription } from '../connectors/subscription-services.ts';
import type { Evaluator, Findings } from './evaluator.ts';
import { missingTopics, neededOf } from './subscriptions.ts';

export interface SubscriptionsOptions {
  systems: readonly System[];
  kinds: Pick<Kinds, 'of'>;
  connectors: Pick<Connectors, 'call' | 'offers'>;
}

const EVERY_MS = 600_000;
/** A list that never ends is not read further. */
const MOST_PAGES = 40;

/** The warning of a topic that is not told of. */
export const droppedId = (systemId: string, topic: string): string => `${systemId} ${topic}`;

/** What a system is subscribed for, under its connector's limits. @throws ConnectorError, or the signal's reason */
export async function listSubscriptions(
  { connectors }: Pick<SubscriptionsOptions, 'connectors'>,
  systemId: string,
  signal?: AbortSignal,
): Promise<ListedSubscription[]> {
  const found: ListedSubscription[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    signal?.throwIfAborted();
    const { items, next } = await connectors.call(
      systemId,
      'list_subscriptions',
      cursor === undefined ? {} : { cursor },
    );
    found.push(...items);
    if (next === undefined) break;
    cursor = next;
  }
  return found;
}

/** Webhooks that a system should send and no longer does, for systems that can be asked. */
export function droppedSubscriptions(options: SubscriptionsOptions): Evaluator {
  const asked = options.systems.filter(({ id }) => options.connectors.offers(id, 'list_subscriptions'));
  return {
    kind: 'subscription_dropped',
    everyMs: EVERY_MS,
    async evaluate(signal) {
      const findings: Findings = { warnings: [], unknown: [] };
      for (const system of asked) await compare(system, options, findings, signal);
      return findings;
    },
  };
}

async function compare(
  system: System,
  options: SubscriptionsOptions,
  { warnings, unknown }: Findings,
  signal: AbortSignal,
): Promise<void> {
  const { id, name } = system;
  try {
    const listed = await listSubscriptions(options, id, signal);
    for (const topic of missingTopics(neededOf(system, options.kinds.of(id)), listed))
      warnings.push({
        id: droppedId(id, topic),
        system: id,
        subject: `${name}: ${topic}`,
        severity: 'bad',
        message: `${name} does not tell of ${topic}: it has no such webhook for Syncline. What happens there stays unknown until it has.`,
        remedy:
          'Subscribe again. What was missed meanwhile is not sent again: orders are found by their reconciliation.',
        subscribe: { topic },
      });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ConnectorError)) throw error;
    const message = `Its webhooks could not be listed: ${error.detail.message}`.slice(0, 1000);
    unknown.push({ id, system: id, subject: `${name}: webhooks`, message });
  }
}
