import type { Estate } from '#contracts/v1/estate.ts';
import type { MessageContext, Reading } from '../connectors/topics.ts';
import type { Arrival } from './arrival.ts';

/** What a message says that names nothing by a code which a mapping translates. */
export function readArrival<T>(
  { headers, body }: Arrival,
  topic: { read: (body: Uint8Array, context: MessageContext) => Reading<T> },
  estate: Estate,
): Reading<T> {
  return topic.read(body, { estate, system: headers['syncline-system'], headers, mapping: () => undefined });
}
