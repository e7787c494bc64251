import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  OrderStatus,
  PostingsAnswer,
  ReturnStatus,
} from '#contracts/v1/channel-api.ts';
import { stepEvent, type Flow, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { StockClient } from '../stock/client.ts';
import { StockUnavailable } from '../stock/request.ts';
import { orderPostings } from './order-postings.ts';
import { orderStatus } from './order-status.ts';
import { returnStatus } from './return-status.ts';
import { unavailable } from '#platform/http/problem.ts';

/** What the channel API's questions are answered from. Undefined means that there is no such order. */
export interface IntakeQueries {
  availability(query: AvailabilityQuery): Promise<AvailabilityAnswer>;
  order(key: string): Promise<OrderStatus | undefined>;
  postings(key: string): Promise<PostingsAnswer | undefined>;
  /** Undefined means that there is no such return. */
  return(key: string): Promise<ReturnStatus | undefined>;
}

/** Answers from step events (orders, postings) and from the stock writers (availability), as of the moment of asking. */
export function createIntakeQueries(
  js: JetStreamClient,
  manager: JetStreamManager,
  stock: Pick<StockClient, 'availability'>,
): IntakeQueries {
  return {
    availability: async ({ sku, channel, location }) => {
      const query = { skus: sku, ...(channel && { channel }), ...(location && { location }) };
      try {
        return { items: await stock.availability(query) };
      } catch (error) {
        if (!(error instanceof StockUnavailable)) throw error;
        throw unavailable('Stock cannot be asked just now. Try again in a moment.', 2, error);
      }
    },
    order: async (key) => orderStatus(await readTransaction(js, manager, 'order_to_cash', key)),
    return: async (key) => returnStatus(await readTransaction(js, manager, 'return_to_refund', key)),
    postings: async (key) => {
      const events = await readTransaction(js, manager, 'order_to_cash', key);
      return events.length === 0 ? undefined : { key, postings: orderPostings(events) };
    },
  };
}

/** Every step event of one transaction in stream order, empty where there is none. */
async function readTransaction(
  js: JetStreamClient,
  manager: JetStreamManager,
  flow: Flow,
  key: string,
): Promise<StepEvent[]> {
  const messages = await readSubject(js, manager, streams.steps, subjects.step(flow, key));
  return messages.map((message) => stepEvent.parse(message.json()));
}
