import { setTimeout as delay } from 'node:timers/promises';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Connectors } from '../../connectors/connectors.ts';
import type { Identity } from '../../identity.ts';
import type { PublishFetched } from '../../intake/fetched-message.ts';

export interface SendThroughOptions {
  connectors: Pick<Connectors, 'call'>;
  publish: PublishFetched;
  identity: Pick<Identity, 'isKnown'>;
}

/** Usually it is taken in at once; where the engine has more to do, the next comparison sees it. */
const TAKEN_WITHIN_MS = 3_000;
const LOOK_AGAIN_MS = 50;

/**
 * Fetches an order from its channel and puts it onto INTAKE, beside the feed that did not tell of it. However often that is done,
 * it is one message and one order.
 * @returns whether it has been taken in by now.
 * @throws ConnectorError where the channel does not give it.
 */
export async function sendThrough(
  system: string,
  externalId: string,
  { connectors, publish, identity }: SendThroughOptions,
): Promise<boolean> {
  const { topic, body } = await connectors.call(system, 'fetch_order', { externalId });
  await publish(system, { topic, deliveryId: `fetched-${externalId}`, body: Buffer.from(body), aside: true });
  const key = transactionKey(system, externalId);
  const until = performance.now() + TAKEN_WITHIN_MS;
  for (;;) {
    if (await identity.isKnown('order_to_cash', key)) return true;
    if (performance.now() > until) return false;
    await delay(LOOK_AGAIN_MS);
  }
}
