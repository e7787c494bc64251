import { NoRespondersError, type NatsConnection, RequestError, TimeoutError } from '@nats-io/nats-core';
import { subjects } from '#contracts/v1/subjects.ts';
import { type StockCommand, type StockCommandInput, stockReply, type StockReplyTo } from './commands.ts';

/** No writer of the partition answered in time. Whether the command took effect is unknown: repeat it, it is safe. */
export class StockUnavailable extends Error {
  readonly partition: number;
  constructor(partition: number, options: ErrorOptions) {
    super(`Stock partition ${partition} does not answer; its writer may be moving to another replica.`, options);
    this.name = 'StockUnavailable';
    this.partition = partition;
  }
}

/** Two attempts to reserve for one order met; or the order was cancelled meanwhile. Try again later. */
export class ReservedElsewhere extends Error {
  constructor(orderKey: string) {
    super(`Stock for ${orderKey} is being reserved or released by another attempt.`);
    this.name = 'ReservedElsewhere';
  }
}

/** The command is not one a stock writer understands: a defect of the caller. */
export class StockRefused extends Error {
  override name = 'StockRefused';
}

export interface RequestOptions {
  /** How long to wait for one answer, in ms. */
  attemptMs: number;
  /** How long to go on trying, in ms; longer than a lease takes to pass on. */
  deadlineMs: number;
}

export type StockRequest = <T extends StockCommand['type']>(
  partition: number,
  command: Extract<StockCommandInput, { type: T }>,
) => Promise<StockReplyTo<T>>;

/** Requests to the writers, repeated with growing pauses while a partition has none. */
export function stockRequests(nc: NatsConnection, options: RequestOptions): StockRequest {
  return async <T extends StockCommand['type']>(
    partition: number,
    command: Extract<StockCommandInput, { type: T }>,
  ): Promise<StockReplyTo<T>> => {
    const body = JSON.stringify(command);
    const until = performance.now() + options.deadlineMs;
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
      try {
        const message = await nc.request(subjects.stockCommand(partition), body, { timeout: options.attemptMs });
        const reply = stockReply.parse(message.json());
        if (reply.type === 'refused') throw new StockRefused(reply.message);
        if (!isReplyTo<T>(reply, command.type)) throw new StockRefused(`answered ${reply.type} to ${command.type}`);
        return reply;
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (performance.now() + pauseMs > until) throw new StockUnavailable(partition, { cause: error });
        await new Promise((resume) => setTimeout(resume, pauseMs * (0.5 + Math.random() / 2)));
      }
    }
  };
}

function isReplyTo<T extends StockCommand['type']>(reply: { type: string }, type: T): reply is StockReplyTo<T> {
  return reply.type === type;
}

const isTransient = (error: unknown): boolean =>
  error instanceof TimeoutError || error instanceof RequestError || error instanceof NoRespondersError;
