import { order as orderSchema } from '#contracts/v1/order.ts';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Canonicalised, CanonicaliseContext } from './context.ts';
import { channelOf, malformedProblem, noChannelProblem, schemaProblems } from './context.ts';

/**
 * The canonical order of Syncline's own channel API. It arrives canonical already; what the estate knows of the channel
 * (region, brand, legal entity, and the channel itself where the system has only one) may be left out. The channel's
 * own SKUs are mapped. Problems point into the received payload.
 */
export function canonicaliseChannelApiOrder(raw: string | Buffer, context: CanonicaliseContext): Canonicalised {
  let document: unknown;
  try {
    document = JSON.parse(raw.toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { problems: [malformedProblem(new Error('an order is a JSON object'))] };
  const received = document as Record<string, unknown>;
  const stated = received['channel'];
  const channel =
    typeof stated === 'string'
      ? context.estate.channels.find(({ id, system }) => id === stated && system === context.system)
      : channelOf(context.estate, context.system, String(received['currency']));
  if (channel === undefined)
    return {
      problems: [
        typeof stated === 'string' ? foreignChannel(stated, context.system) : noChannelProblem(context.system),
      ],
    };

  const parsed = orderSchema.safeParse({
    schema_version: 1,
    region: channel.region,
    brand: channel.brand,
    legal_entity: channel.legal_entity,
    ...received,
    channel: channel.id,
    system: received['system'] ?? context.system,
  });
  if (!parsed.success) return { problems: schemaProblems(parsed.error) };
  if (parsed.data.system !== context.system) return { problems: [foreignSystem(parsed.data.system, context.system)] };
  const lines = parsed.data.lines.map((line) => ({ ...line, sku: context.mapping('sku', line.sku) ?? line.sku }));
  return { order: { ...parsed.data, lines } };
}

function foreignChannel(channel: string, system: string): CaseProblem {
  return {
    error_class: 'reference',
    error_code: 'unknown_channel',
    path: '/channel',
    document: 'received',
    message: `The channel "${channel.slice(0, 200)}" does not belong to the system "${system}".`,
  };
}

function foreignSystem(stated: string, system: string): CaseProblem {
  return {
    error_class: 'reference',
    error_code: 'unknown_system',
    path: '/system',
    document: 'received',
    message: `The order says it is of the system "${stated}", but was sent by "${system}".`,
  };
}
