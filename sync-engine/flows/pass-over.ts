import { ConnectorError } from '../connectors/connector.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Documents } from '../documents.ts';
import { isOutage } from '../outage.ts';
import type { Call, PassedOver, View } from './flow.ts';
import { whyPassedOver } from './observed.ts';

/** A call that is due at a system which is only observed. */
export interface Due<Data, Env> {
  view: View<Data>;
  env: Env;
  step: string;
  /** Ordinal of the event it follows. */
  after: number;
  call: Call<Data, Env>;
}

/** Finds out what a call would have sent, keeps it, and tells it as attributes of the step. */
export type PassOver = <Data, Env>(due: Due<Data, Env>) => Promise<Record<string, string>>;

export interface PassOverOptions {
  connectors: Pick<Connectors, 'prepareUnsent'>;
  documents: Pick<Documents, 'keepExchange'>;
  now: () => Date;
}

/** A verb whose call is made from what it reads first. Nothing is read from a system that is only observed. */
const NOT_LOOKED_UP = 'NOT_LOOKED_UP';

/**
 * `passed_over` is `would_send` with what would have been sent as the step's document, `would_stop` with what would have
 * stopped the transaction there, or `unknown` where it depends on an answer that nobody gave.
 */
export const createPassOver =
  ({ connectors, documents, now }: PassOverOptions): PassOver =>
  async ({ view, env, step, after, call }) => {
    try {
      const system = call.system(view);
      const prepared = connectors.prepareUnsent(system, call.verb, await call.input(view, env));
      const at = now().toISOString();
      const exchange = { call: prepared, at, duration_ms: 0 };
      const seq = await documents.keepExchange(view.key, `passed_over.${step}.${after}`, exchange);
      return { passed_over: 'would_send', payload_seq: String(seq) };
    } catch (error) {
      // What it needs of our own is away: the transaction waits for that as it always does.
      if (isOutage(error)) throw error;
      if (!(error instanceof ConnectorError)) return { passed_over: 'unknown' };
      const { retryable, code, message, path = '' } = error.detail;
      if (retryable || code === NOT_LOOKED_UP) return { passed_over: 'unknown' };
      return { passed_over: 'would_stop', stop_code: code, stop_message: message, stop_path: path };
    }
  };

/** What a step comes to whose system is only observed; undefined where it is to be called. */
export async function orPassOver<Data, Env>(due: Due<Data, Env>, passOver: PassOver): Promise<PassedOver | undefined> {
  const system = due.call.system(due.view);
  const reason = whyPassedOver(due.view, system);
  if (reason === undefined) return undefined;
  return { status: 'skipped', system, attributes: { reason, ...(await passOver(due)) }, passedOver: system };
}
