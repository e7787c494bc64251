import { Pool } from 'undici';
import type { System } from '#contracts/v1/estate.ts';
import type { Answer, CallContext, PreparedCall, Transport } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { classifyNetworkError, networkCode } from './classify.ts';

/** Answers of business systems are small; a larger one is a fault, not something to hold in memory. */
const largestAnswerBytes = 5_000_000;

/**
 * The way to a system over HTTP: connection pool of the system's concurrency, base URL, authentication, trace context
 * and timeout. Every HTTP answer resolves, whatever its status; it rejects only where no answer came.
 * @param authorize headers that carry the credentials; called on each send, never kept with the call.
 */
export function openHttpTransport(system: System, authorize: () => Record<string, string>): Transport {
  const base = new URL(system.base_url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const timeoutMs = system.limits.timeout_s * 1000;
  const pool = new Pool(base.origin, {
    connections: system.limits.concurrency,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  });

  const exchange = async (call: PreparedCall, context: CallContext, signal: AbortSignal): Promise<Answer> => {
    const answer = await pool.request({
      method: call.method,
      path: `${prefix}${call.path}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'syncline',
        ...call.headers,
        ...authorize(),
        traceparent: context.traceparent,
      },
      body: call.body === '' ? null : call.body,
      signal,
    });
    return { status: answer.statusCode, headers: flatten(answer.headers), body: await readText(answer.body) };
  };

  return {
    async send(call, context) {
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(), timeoutMs);
      let stopped = context.signal.aborted;
      // Listened to and let go call by call: AbortSignal.any would keep each call alive as long as the engine's signal.
      const onStop = () => {
        stopped = true;
        timeout.abort();
      };
      context.signal.addEventListener('abort', onStop, { once: true });
      try {
        if (stopped) throw notSent(system);
        return await exchange(call, context, timeout.signal);
      } catch (error) {
        if (error instanceof ConnectorError) throw error;
        if (stopped) throw interrupted(system, error);
        if (timeout.signal.aborted) throw timedOut(system, error);
        throw noAnswer(system, error);
      } finally {
        clearTimeout(timer);
        context.signal.removeEventListener('abort', onStop);
      }
    },
    close: () => pool.close(),
  };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Throwing out of the loop destroys the stream, and with it the connection.
    if (size > largestAnswerBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

function noAnswer(system: System, cause: unknown): ConnectorError {
  const code = networkCode(cause) || 'NETWORK';
  const classified = classifyNetworkError(code);
  const words = classified.mayHaveHappened ? 'broke the connection off' : 'could not be reached';
  return new ConnectorError({ ...classified, code, message: `${system.name} ${words} (${code}).` }, { cause });
}

function timedOut(system: System, cause: unknown): ConnectorError {
  const message = `${system.name} did not answer within ${system.limits.timeout_s} s.`;
  return new ConnectorError(
    { errorClass: 'timeout', code: 'TIMEOUT', message, retryable: true, mayHaveHappened: true },
    { cause },
  );
}

function interrupted(system: System, cause: unknown): ConnectorError {
  const message = `The call to ${system.name} was broken off because the engine is stopping.`;
  return new ConnectorError(
    { errorClass: 'unavailable', code: 'INTERRUPTED', message, retryable: true, mayHaveHappened: true },
    { cause },
  );
}

function notSent(system: System): ConnectorError {
  const message = `The call to ${system.name} was not made because the engine is stopping.`;
  return new ConnectorError({
    errorClass: 'unavailable',
    code: 'INTERRUPTED',
    message,
    retryable: true,
    mayHaveHappened: false,
  });
}

function tooLarge(): ConnectorError {
  const message = `The answer is larger than ${largestAnswerBytes / 1_000_000} MB.`;
  return new ConnectorError({
    errorClass: 'rejected',
    code: 'ANSWER_TOO_LARGE',
    message,
    retryable: false,
    mayHaveHappened: true,
  });
}
