import type { Answer, PreparedCall, Send, Verb } from './connector.ts';
import { ConnectorError } from './connector.ts';

export interface Called<Output> {
  /** The call with the effect, and its answer: what is kept with the step. */
  call: PreparedCall;
  answer: Answer;
  output: Output;
}

/** What a failed call leaves to be kept with the step, beside the error itself. */
export interface CallProgress {
  call?: PreparedCall;
  answer?: Answer;
}

/**
 * Makes the calls of one verb in their order: the read before, the call, the read after. `progress` is filled as it
 * goes, so that a failure's call and answer can be kept too.
 * @throws ConnectorError
 */
export async function callVerb<Input, Output>(
  verb: Verb<Input, Output>,
  input: Input,
  send: Send,
  progress: CallProgress = {},
): Promise<Called<Output>> {
  const call = await prepareCall(verb, input, send);
  progress.call = call;
  const answer = await send(call);
  progress.answer = answer;
  const output = verb.read(answer, input, call);
  if (verb.after === undefined) return { call, answer, output };
  try {
    const completed = verb.after.read(await send(verb.after.prepare(output, input)), output, input);
    return { call, answer, output: completed };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    // The read may be certain not to have been sent; what it was to complete has happened all the same.
    throw new ConnectorError({ ...error.detail, mayHaveHappened: true }, { cause: error });
  }
}

/** The call a verb would make, after the read it needs first; a dry run shows this. Nothing has happened if it throws. */
export async function prepareCall<Input, Output>(
  verb: Verb<Input, Output>,
  input: Input,
  send: Send,
): Promise<PreparedCall> {
  if (verb.before === undefined) return verb.prepare(input);
  try {
    return verb.prepare(input, await send(verb.before(input)));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw new ConnectorError({ ...error.detail, mayHaveHappened: false }, { cause: error });
  }
}
