import { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { instant, slug } from '#contracts/v1/primitives.ts';
import { disposition, returnCondition } from '#contracts/v1/returns.ts';
import type { ReturnMessage } from '../../connectors/return-message.ts';
import type { ReturnableOrder } from '../../returns/returnable-orders.ts';
import { shortOf } from '../../returns/return-book.ts';
import type { Signal } from '../state.ts';
import { mapReasons, namedLines, tooMany } from './rules/lines.ts';
import { orderOf, type ReturnEnv, type ReturnLine, type ReturnView } from './return-data.ts';

export const RECEIPT = 'return_receipt';

const receipt = z.object({
  number: z.string(),
  received: z.object({ at: instant, location: slug, system: slug, version: z.int() }),
  lines: z.array(
    z.object({
      line_id: z.string().optional(),
      sku: z.string().optional(),
      quantity: z.int().positive(),
      reason_code: z.string().optional(),
      condition: returnCondition,
      disposition: disposition.optional(),
      path: z.string(),
    }),
  ),
});

/** What a receipt brings to the return that it belongs to. */
export function receiptSignal(message: ReturnMessage, system: string, intakeSeq: number): Signal {
  const { number, at, received, lines } = message;
  return {
    id: `${RECEIPT}:${number}`,
    type: RECEIPT,
    system,
    at,
    intake_seq: intakeSeq,
    data: { number, received, lines },
  };
}

interface Receipt {
  lines: ReturnLine[];
  received: z.infer<typeof receipt>['received'];
  order: ReturnableOrder;
}

/**
 * What came in, by the order's lines, each with its reason: what the warehouse says of it or, failing that, what was
 * said when the return was asked for.
 */
export async function readReceipt(
  view: ReturnView,
  signal: Signal,
  env: ReturnEnv,
): Promise<Receipt | { problems: CaseProblem[] }> {
  const { lines: named, received } = receipt.parse(signal.data);
  const order = await orderOf(view, env);
  const lines = namedLines(order.order, named);
  if ('problems' in lines) return lines;
  const asked = lines.lines.map((line): ReturnLine => {
    const before = view.data.lines.find(({ line_id }) => line_id === line.line_id);
    if (before === undefined) return line;
    const suggested = line.disposition ?? before.disposition;
    return {
      ...line,
      ...(before.reason === undefined ? {} : { reason: before.reason }),
      ...(suggested === undefined ? {} : { disposition: suggested }),
    };
  });
  const reasons = mapReasons(asked, {
    system: signal.system,
    mapping: (code) => env.master.mapping('return_reason', signal.system, code)?.target,
    paths: named.map(({ path }) => path),
    required: true,
  });
  return 'problems' in reasons ? reasons : { lines: reasons.lines, received, order };
}

/** Everything that is wrong with a receipt, before the return takes it. */
export async function receiptProblems(view: ReturnView, signal: Signal, env: ReturnEnv): Promise<CaseProblem[]> {
  const read = await readReceipt(view, signal, env);
  if ('problems' in read) return read.problems;
  const booked = await env.book.of(view.data.order_key);
  const since = new Date(view.now.getTime() - view.estate.policies.return_receive_s * 1000);
  const short = shortOf({ key: view.key, lines: read.lines }, booked, read.order.shipped, since);
  return tooMany(read.order.order, read.lines, receipt.parse(signal.data).lines, short);
}
