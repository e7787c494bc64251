import { Pool } from 'undici';
import type { System } from '#contracts/v1/estate.ts';
import type { Answer, CallContext, PreparedCall, Transport } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { classifyNetworkError, networkCode } from './classify.ts';
import { timedOut } from './timed-out.ts';

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
  const longestMs = system.limits.timeout_s * 1000;
  const pool = new Pool(base.origin, {
    connections: system.limits.concurrency,
    connect: { timeout: Math.min(longestMs, 5_000) },
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
      const timeoutMs = Math.min(context.timeoutMs ?? longestMs, longestMs);
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(), timeoutMs);
      try {
        return await exchange(call, context, timeout.signal);
      } catch (error) {
        if (error instanceof ConnectorError) throw error;
        throw timeout.signal.aborted ? timedOut(system, timeoutMs, error) : noAnswer(system, error);
      } finally {
        clearTimeout(timer);
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
