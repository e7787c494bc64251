import type { CaseProblem } from '#contracts/v1/case.ts';
import { channelOrder, completeChannelOrder, type ChannelOrder } from '#contracts/v1/channel-api.ts';
import type { Channel } from '#contracts/v1/estate.ts';
import { order as orderSchema } from '#contracts/v1/order.ts';
import type { Canonicalised, CanonicaliseContext } from '../reading.ts';
import { channelOf, noChannelProblem, readJson, schemaProblems } from '../reading.ts';

/**
 * The canonical order of Syncline's own channel API. It arrives nearly canonical: the estate adds what it knows of the
 * channel, and the channel's own SKUs are mapped. Problems point into the received payload.
 */
export function canonicaliseChannelApiOrder(raw: string | Buffer, context: CanonicaliseContext): Canonicalised {
  const sent = readJson(channelOrder, raw, JSON.parse);
  if ('problems' in sent) return sent;
  const channel = findChannel(sent.message, context);
  if (channel === undefined) return { problems: [noSuchChannel(sent.message, context.system)] };
  const lines = sent.message.lines.map((line) => ({ ...line, sku: context.mapping('sku', line.sku) ?? line.sku }));
  const complete = completeChannelOrder(
    { ...sent.message, lines },
    {
      system: context.system,
      channel: channel.id,
      region: channel.region,
      brand: channel.brand,
      legal_entity: channel.legal_entity,
    },
  );
  // Parsed once more, because a mapping's target need not be a SKU.
  const parsed = orderSchema.safeParse(complete);
  return parsed.success ? { order: parsed.data } : { problems: schemaProblems(parsed.error) };
}

function findChannel(sent: ChannelOrder, { estate, system }: CanonicaliseContext): Channel | undefined {
  if (sent.channel === undefined) return channelOf(estate, system, sent.currency);
  return estate.channels.find((channel) => channel.id === sent.channel && channel.system === system);
}

function noSuchChannel(sent: ChannelOrder, system: string): CaseProblem {
  if (sent.channel === undefined) return noChannelProblem(system);
  return {
    error_class: 'reference',
    error_code: 'unknown_channel',
    path: '/channel',
    document: 'received',
    message: `The channel "${sent.channel}" does not belong to the system "${system}".`,
  };
}
