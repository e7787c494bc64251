import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Arrival } from '../../arrivals/arrival.ts';
import type { ReturnMessage } from '../../connectors/return-message.ts';
import type { Reading, Topic, TopicOf } from '../../connectors/topics.ts';
import type { ReturnEnv } from './return-data.ts';

export const isOfReturns = (topic: Topic): topic is TopicOf<'return_request' | 'return_receipt'> =>
  topic.means === 'return_request' || topic.means === 'return_receipt';

/** What a message says of a return, in the version in force. */
export function readReturn(
  { headers, body }: Pick<Arrival, 'headers' | 'body'>,
  estate: Estate,
  { kinds, master }: Pick<ReturnEnv, 'kinds' | 'master'>,
): Reading<ReturnMessage> {
  const system = headers['syncline-system'];
  const topic = kinds.topic(system, headers['syncline-topic']);
  if (topic === undefined || !isOfReturns(topic)) return { problems: [gone(system, headers['syncline-topic'])] };
  return topic.read(body, {
    estate,
    system,
    headers,
    mapping: (kind, code) => master.mapping(kind, system, code)?.target,
  });
}

/** Why there is nothing to do for a return, where there is a reason. */
export async function supersededBecause(
  { superseded, cancels, orderKey }: ReturnMessage,
  { orders }: Pick<ReturnEnv, 'orders'>,
): Promise<string | undefined> {
  if (superseded !== undefined || cancels !== true) return superseded;
  return (await orders.isCancelled(orderKey)) ? 'The order was cancelled: nothing of it was invoiced.' : undefined;
}

const gone = (system: string, topic: string): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_topic',
  path: '',
  document: 'received',
  message: `Nothing in this estate takes messages "${topic}" of the system "${system}".`,
});
