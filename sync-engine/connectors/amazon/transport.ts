import type { System } from '#contracts/v1/estate.ts';
import { type Answer, type CallContext, ConnectorError, type PreparedCall, type Secrets } from '../connector.ts';
import type { Transport } from '../connector.ts';
import { QUOTA } from '../../work/paused.ts';
import { openHttpTransport } from '../transport/http.ts';
import { createBucket, type Operation, operationOf, quotasOf } from './quota.ts';
import { openTokens } from './tokens.ts';

/**
 * The way to the Selling Partner API: an access token on every call, renewed once where Amazon refuses it, and none beyond
 * the quota of its operation. A call there is no quota for is not sent and says how long there will be none.
 */
export function openAmazonTransport(system: System, secrets: Secrets): Transport {
  const http = openHttpTransport(system, () => ({}));
  const quotas = quotasOf(system);
  const buckets = new Map(
    (Object.keys(quotas) as Operation[]).map((name) => [name, createBucket(quotas[name], () => performance.now())]),
  );

  const sendWith = async (call: PreparedCall, token: string, context: CallContext): Promise<Answer> => {
    const operation = operationOf(call);
    const bucket = buckets.get(operation);
    const waitMs = bucket?.take() ?? 0;
    if (waitMs > 0) throw noQuota(system, operation, waitMs);
    const answer = await http.send({ ...call, headers: { ...call.headers, 'x-amz-access-token': token } }, context);
    bucket?.learn(answer);
    return answer;
  };
  const tokens = openTokens(system, secrets, sendWith);
  const tokenFor = (call: PreparedCall, context: CallContext) =>
    operationOf(call) === 'getOrders' && system.settings['restricted_data'] !== 'off'
      ? tokens.restricted(context)
      : tokens.access(context);

  return {
    send: async (call, context) => {
      const answer = await sendWith(call, await tokenFor(call, context), context);
      if (answer.status !== 403) return answer;
      // A token that was revoked or expired early is refused so; a refusal had no effect.
      tokens.forget();
      return sendWith(call, await tokenFor(call, context), context);
    },
    close: async () => {
      await Promise.all([http.close(), tokens.close()]);
    },
  };
}

const noQuota = (system: System, operation: Operation, retryAfterMs: number): ConnectorError =>
  new ConnectorError({
    errorClass: 'throttled',
    code: QUOTA,
    message: `The quota of ${system.name} for ${operation} is used up; the call waits.`,
    retryable: true,
    retryAfterMs,
    mayHaveHappened: false,
  });
