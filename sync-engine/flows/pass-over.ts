import type { ErrorClass } from '#contracts/v1/step-event.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Documents } from '../documents.ts';
import { defectProblem, isOutage } from '../outage.ts';
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
  connectors: Pick<Connectors, 'offers' | 'looksFirst' | 'prepareUnsent'>;
  documents: Pick<Documents, 'keepExchange'>;
  now: () => Date;
}

const UNKNOWN = { passed_over: 'unknown' };

const wouldStop = (errorClass: ErrorClass, code: string, message: string, path = '') => ({
  passed_over: 'would_stop',
  ...{ stop_class: errorClass, stop_code: code, stop_message: message, stop_path: path },
});

/**
 * `passed_over` is `would_send` with what would have been sent as the step's document, `would_stop` with what would have
 * stopped the transaction there, or `unknown` where it depends on an answer that nobody gave: to what was passed over
 * before, or to what the call reads first, since whoever does the system's work has changed that meanwhile.
 */
export const createPassOver =
  ({ connectors, documents, now }: PassOverOptions): PassOver =>
  async ({ view, env, step, after, call }) => {
    const system = call.system(view);
    try {
      if (!connectors.offers(system, call.verb))
        return wouldStop('rejected', 'NOT_OFFERED', `The connector of ${system} offers no ${call.verb}.`);
      if (connectors.looksFirst(system, call.verb)) return UNKNOWN;
      const prepared = connectors.prepareUnsent(system, call.verb, await call.input(view, env));
      const at = now().toISOString();
      const exchange = { call: prepared, at, duration_ms: 0 };
      const seq = await documents.keepExchange(view.key, `passed_over.${step}.${after}`, exchange);
      return { passed_over: 'would_send', payload_seq: String(seq) };
    } catch (error) {
      // What it needs of our own is away: the transaction waits for that as it always does.
      if (isOutage(error)) throw error;
      if (error instanceof ConnectorError) {
        const { retryable, errorClass, code, message, path } = error.detail;
        return retryable ? UNKNOWN : wouldStop(errorClass, code, message, path);
      }
      // What a call that was passed over would have answered is missing; where there is none it is a defect of ours.
      if ((view.state.passed_over ?? []).length > 0) return UNKNOWN;
      const { error_class, error_code, message } = defectProblem(error);
      return wouldStop(error_class, error_code, message);
    }
  };

/** What a step comes to whose system is only observed; undefined where it is to be called. */
export async function orPassOver<Data, Env>(
  due: Due<Data, Env>,
  passOver: PassOver,
): Promise<PassedOver<Data> | undefined> {
  const system = due.call.system(due.view);
  const reason = whyPassedOver(due.view, system);
  if (reason === undefined) return undefined;
  const attributes = { reason, ...(await passOver(due)) };
  return { status: 'skipped', system, attributes, passedOver: system, ...due.call.passedOver?.(due.view) };
}
