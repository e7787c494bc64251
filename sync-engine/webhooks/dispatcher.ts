import { setTimeout as delay } from 'node:timers/promises';
import type { Estate } from '#contracts/v1/estate.ts';
import { type Webhook, webhook } from '#contracts/v1/webhook.ts';
import type { Audit } from '#platform/audit.ts';
import type { KvEntry } from '#platform/nats/kv.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { OWN_SYSTEM } from '../flows/transitions.ts';
import { runPump, type PumpOptions } from './pump.ts';
import { defaultSchedule, type RetrySchedule } from './schedule.ts';
import { createSender } from './send.ts';
import { replayRequest, type ReplayRequest } from './webhook-store.ts';

export interface DispatcherOptions extends Omit<
  PumpOptions,
  'createSender' | 'schedule' | 'replays' | 'disable' | 'random'
> {
  estate: Pick<Estate, 'simulated' | 'policies'>;
  audit: Pick<Audit, 'record'>;
  schedule?: RetrySchedule;
}

const RETRY_MS = 2_000;

interface Running {
  version: number;
  controller: AbortController;
  done: Promise<void>;
}

/** Serves every webhook that is active, each by itself, as they come, change and go. To be run under a lease. */
export async function dispatchWebhooks(signal: AbortSignal, options: DispatcherOptions): Promise<void> {
  const { store, log, estate, now } = options;
  const running = new Map<string, Running>();
  const replays = new Map<string, ReplayRequest>();
  const policy = { privateHosts: estate.policies.webhook_private_hosts, simulated: estate.simulated };
  const pump: PumpOptions = {
    ...options,
    replays,
    schedule: options.schedule ?? defaultSchedule,
    random: Math.random,
    createSender: () => createSender(policy, now),
    disable: (one, reason) => disable(one, reason, options),
  };

  /** What keeps a webhook from being served is tried again: it may be an outage of ours. */
  const serve = async (one: Webhook, ended: AbortSignal): Promise<void> => {
    while (!ended.aborted)
      try {
        return await runPump(ended, one, pump);
      } catch (error) {
        log.error({ err: error, webhook: one.webhook_id }, 'a webhook is not served; trying again');
        await delay(RETRY_MS, undefined, { signal: ended }).catch(() => undefined);
      }
  };
  const start = (one: Webhook, before: Promise<void>): Running => {
    const controller = new AbortController();
    // One at a time for each: what the former has under way ends first.
    return { version: one.version, controller, done: before.then(() => serve(one, controller.signal)) };
  };

  const follow = (entry: KvEntry): void => {
    const { key } = entry;
    const now = entry.operation === 'PUT' ? webhook.parse(entry.json()) : undefined;
    const former = running.get(key);
    if (now !== undefined && now.version === former?.version) return;
    former?.controller.abort();
    if (now?.status === 'active') return void running.set(key, start(now, former?.done ?? Promise.resolve()));
    // Until its last attempt is over, the end and whoever serves it next wait for it.
    void former?.done.then(() => running.get(key) === former && running.delete(key));
  };

  const asked = await watchBucket(store.replays, (entry) => {
    if (entry.operation === 'PUT') replays.set(entry.key, replayRequest.parse(entry.json()));
    else replays.delete(entry.key);
  });
  try {
    const webhooks = await watchBucket(store.webhooks, follow);
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    webhooks.stop();
  } finally {
    asked.stop();
  }
  for (const { controller } of running.values()) controller.abort();
  await Promise.all([...running.values()].map(({ done }) => done));
}

/** Says so where it is looked at: on the webhook itself, in the audit trail and in the log. */
async function disable(one: Webhook, reason: string, { store, audit, log, now }: DispatcherOptions): Promise<void> {
  const current = await store.get(one.webhook_id);
  // Somebody has changed it meanwhile: what holds for the former one need not hold for this one.
  if (current?.value.version !== one.version) return;
  const at = now().toISOString();
  const changed: Webhook = {
    ...current.value,
    version: one.version + 1,
    status: 'disabled',
    status_reason: reason,
    status_at: at,
    changed_by: OWN_SYSTEM,
    changed_at: at,
  };
  if (!(await store.put(changed, current.revision))) return;
  log.warn({ webhook: one.webhook_id, reason }, 'a webhook was disabled');
  audit.record({
    action: 'webhook.disable',
    actor: OWN_SYSTEM,
    object_kind: 'webhook',
    object_id: one.webhook_id,
    reason,
  });
}
