import type { CaseProblem } from '#contracts/v1/case.ts';
import { channelReturn } from '#contracts/v1/returns.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { ReturnMessage } from '../return-message.ts';
import { readJson } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** `POST /v1/returns`: a return of an order of any channel. */
export function readReturnFeed(body: Uint8Array, { estate, system, mapping }: MessageContext): Reading<ReturnMessage> {
  const sent = readJson(channelReturn, body, JSON.parse);
  if ('problems' in sent) return sent;
  const { return_id, channel, order, requested_at, lines, received } = sent.message;
  const declared = estate.channels.find(({ id }) => id === channel);
  if (declared === undefined) return { problems: [undeclared('channel', '/channel', channel)] };
  if (received !== undefined && !estate.locations.some(({ id }) => id === received.location))
    return { problems: [undeclared('location', '/received/location', received.location)] };
  return {
    message: {
      number: return_id,
      orderKey: transactionKey(declared.system, order),
      orderPath: '/order',
      at: requested_at,
      lines: lines.map(({ sku, condition = 'unknown', ...line }, i) => ({
        ...line,
        sku: sku && (mapping('sku', sku) ?? sku),
        condition,
        path: `/lines/${i}`,
      })),
      ...(received === undefined
        ? {}
        : {
            received: {
              at: received.at,
              location: received.location,
              system,
              version: Date.parse(received.at),
            },
          }),
    },
  };
}

const undeclared = (what: string, path: string, name: string): CaseProblem => ({
  error_class: 'reference',
  error_code: `unknown_${what}`,
  path,
  document: 'received',
  message: `The ${what} "${name}" is not declared in this estate.`,
});
