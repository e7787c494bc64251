import type { z } from 'zod';
import type { commandRequests } from '#contracts/v1/commands.ts';
import type { Log } from '#platform/log.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { ConnectorError } from '../connectors/connector.ts';
import { Refusal } from '../refusal.ts';
import { droppedId, listSubscriptions, type SubscriptionsOptions } from '../warnings/dropped-subscriptions.ts';
import { addressFor, missingTopics, neededOf } from '../warnings/subscriptions.ts';
import type { WarningBook } from '../warnings/warning-book.ts';
import { authorise, replying } from './replies.ts';

export interface SubscriptionCommandsOptions extends SubscriptionsOptions {
  /** Nothing is sent to it. */
  isObserved: (system: string) => boolean;
  /** The warning goes at once. */
  book: Pick<WarningBook, 'remove'>;
  log: Log;
}

/** Subscribes again for a webhook that a system no longer sends. */
export function subscriptionCommands(
  options: SubscriptionCommandsOptions,
): Pick<CommandHandlers, 'connector.subscribe'> {
  return {
    'connector.subscribe': (request) =>
      replying(async () => {
        try {
          const message = await subscribe(options, request);
          await takeOff(options, request);
          return { ok: true, message };
        } catch (error) {
          if (error instanceof ConnectorError) throw new Refusal('refused', error.detail.message);
          throw error;
        }
      }),
  };
}

/** Where the answer was lost, the system's list says whether it subscribed us. @throws ConnectorError */
async function subscribeOnce(
  options: SubscriptionCommandsOptions,
  id: string,
  wanted: { topic: string; address: string },
): Promise<void> {
  try {
    await options.connectors.call(id, 'subscribe', wanted);
  } catch (error) {
    if (!(error instanceof ConnectorError) || !error.detail.mayHaveHappened) throw error;
    const listed = await listSubscriptions(options, id);
    if (missingTopics({ topics: [wanted.topic], address: wanted.address }, listed).length > 0) throw error;
  }
}

/** It is told of again whether or not the warning could be taken off: the next evaluation does that too. */
async function takeOff({ book, log }: SubscriptionCommandsOptions, { connector_id, topic }: Asked): Promise<void> {
  try {
    await book.remove('subscription_dropped', droppedId(connector_id, topic));
  } catch (error) {
    log.warn(
      { err: error, connector: connector_id, topic },
      'the warning of a dropped webhook stays until the next look',
    );
  }
}

type Asked = z.output<(typeof commandRequests)['connector.subscribe']>;

async function subscribe(options: SubscriptionCommandsOptions, { actor, connector_id, topic }: Asked): Promise<string> {
  authorise(actor, 'connectors.control');
  const system = options.systems.find(({ id }) => id === connector_id);
  if (system === undefined) throw new Refusal('not_found', `This estate has no system ${connector_id}.`);
  const { id, name } = system;
  if (!options.connectors.offers(id, 'subscribe'))
    throw new Refusal('refused', `Syncline cannot subscribe at ${name}: do it in ${name}'s own settings.`);
  if (options.isObserved(id))
    throw new Refusal('refused', `${name} is only observed and nothing is sent to it: subscribe in its own settings.`);
  const needed = neededOf(system, options.kinds.of(id));
  if (!needed.topics.includes(topic))
    throw new Refusal('invalid', `Nothing of ${name} is needed under the topic ${topic}: ${needed.topics.join(', ')}.`);
  const listed = await listSubscriptions(options, id);
  if (!missingTopics(needed, listed).includes(topic)) return `${name} tells of ${topic} already.`;
  const address = addressFor(needed, listed);
  if (address === undefined)
    throw new Refusal(
      'refused',
      `Which address ${name} is to call is not known: name it as webhook_address in its settings in the estate file.`,
    );
  await subscribeOnce(options, id, { topic, address });
  return `${name} tells of ${topic} again, at ${address}.`;
}
