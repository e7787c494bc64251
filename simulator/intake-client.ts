import { setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';
import type { Log } from '#platform/log.ts';

export interface Delivery {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface IntakeClient {
  /** Where the engine listens, e.g. http://127.0.0.1:4601; nothing is delivered before it is known. */
  setUrl(url: string): void;
  /** One attempt. Answers the status, or 0 where no answer came. */
  send(delivery: Delivery): Promise<{ status: number; body: string; retryAfterMs: number }>;
  /**
   * Repeats with growing pauses until a 2xx, or until an answer that a repeat cannot change, or `attempts` are used.
   * Answers whether it was accepted.
   */
  deliver(delivery: Delivery, attempts?: number): Promise<boolean>;
  /** `waiting`: begun, and neither accepted nor given up. */
  counts(): { accepted: number; refused: number; repeated: number; waiting: number };
  close(): Promise<void>;
}

/** Senders of webhooks share this: bounded connections, bounded patience, payload and ids unchanged on a repeat. */
export function createIntakeClient(options: { url: string | undefined; log: Log; timeoutMs?: number }): IntakeClient {
  const agent = new Agent({ connections: 32, pipelining: 1, keepAliveTimeout: 10_000 });
  const closing = new AbortController();
  // Every request and pause under way listens to it.
  setMaxListeners(0, closing.signal);
  let url = options.url;
  let accepted = 0;
  let refused = 0;
  let repeated = 0;
  let waiting = 0;

  const send: IntakeClient['send'] = async (delivery) => {
    if (url === undefined) return { status: 0, body: '', retryAfterMs: 0 };
    try {
      const answer = await request(url + delivery.path, {
        dispatcher: agent,
        method: delivery.method,
        headers: delivery.headers,
        body: delivery.method === 'GET' ? null : delivery.body,
        headersTimeout: options.timeoutMs ?? 5000,
        bodyTimeout: options.timeoutMs ?? 5000,
        signal: closing.signal,
      });
      const retryAfter = Number(answer.headers['retry-after'] ?? 0);
      return { status: answer.statusCode, body: await answer.body.text(), retryAfterMs: (retryAfter || 0) * 1000 };
    } catch {
      return { status: 0, body: '', retryAfterMs: 0 };
    }
  };

  const offer = async (delivery: Delivery, attempts: number): Promise<boolean> => {
    for (let attempt = 1; attempt <= attempts && !closing.signal.aborted; attempt++) {
      const { status, body, retryAfterMs } = await send(delivery);
      if (status >= 200 && status < 300) {
        accepted++;
        return true;
      }
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
        refused++;
        options.log.warn({ path: delivery.path, status, body: body.slice(0, 300) }, 'the intake refused a message');
        return false;
      }
      repeated++;
      await pause(Math.max(retryAfterMs, Math.min(15_000, 200 * 2 ** Math.min(attempt, 7))), closing.signal);
    }
    refused++;
    return false;
  };

  return {
    setUrl: (value) => void (url = value),
    send,
    deliver: async (delivery, attempts = 60) => {
      waiting++;
      return offer(delivery, attempts).finally(() => waiting--);
    },
    counts: () => ({ accepted, refused, repeated, waiting }),
    close: async () => {
      closing.abort();
      await agent.destroy();
    },
  };
}

/** Waits, or less if the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
