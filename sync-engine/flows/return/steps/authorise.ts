import type { CaseProblem } from '#contracts/v1/case.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { atLeastOne } from '../../../connectors/reading.ts';
import type { ReturnMessage } from '../../../connectors/return-message.ts';
import type { ReturnableOrder } from '../../../returns/returnable-orders.ts';
import { mapReasons, namedLines, tooMany } from '../rules/lines.ts';
import { otherCurrency } from '../rules/refund-currency.ts';
import {
  returnName,
  type ReturnData,
  type ReturnEnv,
  type ReturnInline,
  type ReturnLine,
  type ReturnView,
} from '../return-data.ts';
import { readReturn, supersededBecause } from '../read-return.ts';

/** Holds a return against its order: known, its lines, and no more than shipped and has not come back yet. */
export const authorise: ReturnInline = {
  kind: 'inline',
  name: 'authorise',
  ofMessage: true,
  next: ({ data }) => (data.goods === undefined ? 'received' : 'inspect'),
  run: async (view, env) => {
    const arrival = await env.messages.read(view.data);
    const system = arrival.headers['syncline-system'];
    const read = readReturn(arrival, view.estate, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const { message } = read;
    const superseded = await supersededBecause(message, env);
    if (superseded !== undefined) return { status: 'superseded', attributes: { reason: superseded }, finish: true };
    const order = await env.orders.find(message.orderKey);
    if (order === undefined) return { status: 'quarantined', problems: [unknownOrder(message)] };
    const lines = linesOf(order, message, system, env);
    if ('problems' in lines) return { status: 'quarantined', problems: atLeastOne(lines.problems) };
    const problem = otherCurrency(order.order, message.given);
    if (problem !== undefined) return { status: 'quarantined', problems: [problem] };
    // A message that nobody could read began under a name of its own: its return may have begun by its number meanwhile.
    const identity = transactionKey(system, returnName(message.number));
    const at = arrival.headers['syncline-received-at'];
    if ((await env.identity.claim('return_to_refund', identity, view.data.intake_seq, at)) === 'known')
      return { status: 'superseded', attributes: { reason: alreadyKnown(message) }, finish: true };
    const claimed = await env.book.claim(
      message.orderKey,
      {
        key: view.key,
        number: message.number,
        requested_at: message.at,
        lines: lines.lines.map(({ line_id, quantity }) => ({ line_id, quantity })),
        received: message.received !== undefined,
      },
      order.shipped,
      view.now,
    );
    if (claimed !== 'claimed') {
      const problems = tooMany(order.order, lines.lines, message.lines, claimed.short);
      return { status: 'quarantined', problems: atLeastOne(problems) };
    }
    await env.note(message.orderKey, {
      id: `return:${view.key}`,
      step: 'return_requested',
      attributes: { ref_return_number: message.number, return_key: view.key, units: unitsOf(lines.lines) },
    });
    return passed(view, message, order, lines.lines);
  },
};

function passed(view: ReturnView, message: ReturnMessage, { order }: ReturnableOrder, lines: ReturnLine[]) {
  const { number, orderKey, at, received, given } = message;
  const data: Partial<ReturnData> = {
    number,
    order_key: orderKey,
    order_number: order.number,
    order_placed_at: order.placed_at,
    requested_at: at,
    lines,
    ...(received === undefined ? {} : { goods: received }),
    ...(given === undefined ? {} : { given }),
  };
  const { channel, region, legal_entity, brand } = order;
  return {
    status: 'completed' as const,
    data,
    dimensions: { channel, region, legal_entity, brand, location: received?.location ?? '' },
    attributes: {
      ref_order_key: orderKey,
      ref_return_number: number,
      ref_order_number: order.number.replaceAll(' ', ''),
      units: unitsOf(lines),
    },
  };
}

function linesOf({ order }: ReturnableOrder, message: ReturnMessage, system: string, env: ReturnEnv) {
  const named = namedLines(order, message.lines);
  if ('problems' in named) return named;
  return mapReasons(named.lines, {
    system,
    mapping: (code) => env.master.mapping('return_reason', system, code)?.target,
    paths: message.lines.map(({ path }) => path),
    // Whoever receives the goods may still say why they came.
    required: message.received !== undefined,
  });
}

const unitsOf = (lines: readonly ReturnLine[]): string =>
  String(lines.reduce((sum, { quantity }) => sum + quantity, 0));

const alreadyKnown = ({ number }: ReturnMessage): string =>
  `Another message began return ${number} already; nothing is done for this one.`;

export const unknownOrder = ({ orderPath }: Pick<ReturnMessage, 'orderPath'>): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_order',
  path: orderPath,
  document: 'received',
  message:
    'This return is of an order that Syncline does not know, or not well enough yet. Correct the reference, replay once the order is there, or discard it.',
});
