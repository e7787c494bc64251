import { z } from 'zod';
import type { Progress } from './progress.ts';
import { StartError } from './start-error.ts';

const answer = z.object({ ready: z.boolean().optional(), reasons: z.array(z.string()).default([]) });

export type Readiness = { ready: true } | { ready: false; reasons: string[] };

/** Asks a service's `/readyz` once; no answer is a reason like any other. */
export async function askReady(url: string, timeoutMs = 2_000): Promise<Readiness> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
    if (response.ok) return { ready: true };
    const parsed = answer.safeParse(await response.json().catch(() => undefined));
    const reasons = parsed.success ? parsed.data.reasons : [];
    return { ready: false, reasons: reasons.length > 0 ? reasons : [`answers ${response.status}`] };
  } catch {
    return { ready: false, reasons: ['does not answer yet'] };
  }
}

const POLL_MS = 150;
const SAY_EVERY_MS = 5_000;

/**
 * Waits until a service says that it may work, telling now and then what it waits for.
 * @throws StartError after `timeoutMs`, with the last reasons.
 */
export async function waitReady(
  what: string,
  url: string,
  progress: Progress,
  options: { timeoutMs: number; signal: AbortSignal; quietly?: boolean },
): Promise<void> {
  const since = Date.now();
  let said = since;
  for (;;) {
    options.signal.throwIfAborted();
    const state = await askReady(url);
    if (state.ready) break;
    if (Date.now() - since > options.timeoutMs)
      throw new StartError(`${what} is not ready after ${options.timeoutMs / 1000} s: ${state.reasons.join('; ')}.`);
    if (options.quietly !== true && Date.now() - said > SAY_EVERY_MS) {
      progress.say(`waiting for ${what}: ${state.reasons.join('; ')}`);
      said = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  progress.done(what, since);
}
