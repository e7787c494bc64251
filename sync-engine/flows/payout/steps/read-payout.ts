import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Payout } from '#contracts/v1/payout.ts';
import { readArrival } from '../../../arrivals/read-arrival.ts';
import { atLeastOne } from '../../../connectors/reading.ts';
import { keepPayout } from '../kept-payout.ts';
import {
  noPayoutChannel,
  payoutChannel,
  payoutDimensions,
  type PayoutEnv,
  type PayoutInline,
  type PayoutView,
} from '../payout-data.ts';
import { linesByOrder, unknownLines } from '../rules/match.ts';

/** Understands the report; what is kept of it is the canonical payout. */
export const readPayout: PayoutInline = {
  kind: 'inline',
  name: 'read_payout',
  ofMessage: true,
  next: () => 'match_orders',
  run: async (view, env) => {
    const read = await understand(view, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const { payout, system } = read;
    const channel = payoutChannel(view, system, payout.currency);
    if (channel === undefined) return { status: 'quarantined', problems: [noPayoutChannel(system, payout.currency)] };
    const seq = await keepPayout(view, env, payout);
    return {
      status: 'completed',
      data: { payout_seq: seq, payout_id: payout.payout_id },
      dimensions: payoutDimensions(payout, channel),
      attributes: {
        payout_id: payout.payout_id,
        from: payout.from,
        to: payout.to,
        rows: String(payout.lines.length),
        orders: String(linesByOrder(payout.lines).size),
        unknown_rows: String(unknownLines(payout.lines).length),
      },
    };
  },
};

async function understand(
  view: PayoutView,
  env: PayoutEnv,
): Promise<{ payout: Payout; system: string } | { problems: CaseProblem[] }> {
  const arrival = await env.messages.read(view.data);
  const { headers } = arrival;
  const system = headers['syncline-system'];
  const topic = env.kinds.topic(system, headers['syncline-topic']);
  if (topic?.means !== 'payout') throw new Error(`"${headers['syncline-topic']}" is no payout`);
  const read = readArrival(arrival, topic, view.estate);
  return 'problems' in read ? read : { payout: read.message, system };
}
