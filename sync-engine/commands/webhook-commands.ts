import { randomUUID } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { z } from 'zod';
import type { commandRequests } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { Refusal } from '../refusal.ts';
import { endpointProblem } from '../webhooks/endpoint.ts';
import { firstEventFrom } from '../webhooks/first-event.ts';
import { formerAfter } from '../webhooks/former-secrets.ts';
import { replayKey } from '../webhooks/replay.ts';
import { newWebhookSecret } from '../webhooks/sign.ts';
import { type ReplayRequest, type WebhookStore } from '../webhooks/webhook-store.ts';
import { authorise, replying } from './replies.ts';

export interface WebhookCommandsOptions {
  store: WebhookStore;
  manager: JetStreamManager;
  estate: Pick<Estate, 'simulated' | 'policies'>;
  now: () => Date;
}

type Names = 'webhook.put' | 'webhook.rotate' | 'webhook.remove' | 'webhook.replay';
type Put = z.output<(typeof commandRequests)['webhook.put']>;

/** What an administrator decides about webhooks: whom to tell of what, with which secret, and what to tell again. */
export function webhookCommands(options: WebhookCommandsOptions): Pick<CommandHandlers, Names> {
  const { store, manager, now } = options;

  /** @throws Refusal where it is not there, or not as the asker knew it. */
  async function known(id: string, version: number): Promise<{ value: Webhook; revision: number }> {
    const current = await store.get(id);
    if (current === undefined) throw new Refusal('not_found', `There is no webhook ${id}.`);
    if (current.value.version !== version) throw changedMeanwhile(current.value);
    return current;
  }

  async function change(value: Webhook, revision: number): Promise<Webhook> {
    if (await store.put(value, revision)) return value;
    throw changedMeanwhile((await store.get(value.webhook_id))?.value);
  }

  return {
    'webhook.put': (request) =>
      replying(async () => {
        authorise(request.actor, 'webhooks.write');
        checkEndpoint(request.url, options);
        const at = now().toISOString();
        if (request.version > 0) {
          const { value, revision } = await known(request.webhook_id, request.version);
          const changed = await change({ ...value, ...asPut(request, at), version: value.version + 1 }, revision);
          return { ok: true, webhook: changed, message: `${changed.name} is ${changed.status}.` };
        }
        const current = await store.get(request.webhook_id);
        if (current !== undefined) throw changedMeanwhile(current.value);
        const secret = request.secret ?? newWebhookSecret();
        // Before there is anybody to sign for: a crash between leaves a secret of nothing.
        const secret_id = await store.keepSecret(request.webhook_id, secret);
        const made = await change(
          {
            ...asPut(request, at),
            webhook_id: request.webhook_id,
            version: 1,
            created_by: request.actor.id,
            created_at: at,
            secret_id,
            secret_changed_at: at,
          },
          0,
        );
        return { ok: true, webhook: made, secret, message: `${made.name} is told of what happens from now on.` };
      }),
    'webhook.rotate': (request) =>
      replying(async () => {
        authorise(request.actor, 'webhooks.write');
        const { value, revision } = await known(request.webhook_id, request.version);
        const { webhook_id } = request;
        const at = now();
        const { former, retired } = formerAfter(value, request, at);
        const { former_secret_until: _before, ...rest } = value;
        const until = former.map((one) => one.until).sort();
        const secret = newWebhookSecret();
        // It signs from the one write on that names it. Where that is refused, everything is as it was.
        const changed = await change(
          {
            ...rest,
            version: value.version + 1,
            secret_id: await store.keepSecret(webhook_id, secret),
            secret_changed_at: at.toISOString(),
            ...(until.length > 0 && { former_secret_until: until.at(-1) }),
            former_secrets: former,
            changed_by: request.actor.id,
            changed_at: at.toISOString(),
          },
          revision,
        );
        for (const { secret_id } of retired) await store.forgetSecret(webhook_id, secret_id);
        const message =
          request.keep_former_s > 0
            ? `The former secret signs too until ${former[0]?.until}.`
            : 'The former secret signs no more.';
        return { ok: true, webhook: changed, secret, message };
      }),
    'webhook.remove': (request) =>
      replying(async () => {
        authorise(request.actor, 'webhooks.write');
        const { value } = await known(request.webhook_id, request.version);
        await store.remove(request.webhook_id);
        return { ok: true, message: `${value.name} is removed; its delivery log stays.` };
      }),
    'webhook.replay': (request) =>
      replying(async () => {
        authorise(request.actor, 'webhooks.write');
        const current = await store.get(request.webhook_id);
        if (current === undefined) throw new Refusal('not_found', `There is no webhook ${request.webhook_id}.`);
        if (current.value.status !== 'active')
          throw new Refusal('refused', `${current.value.name} is ${current.value.status}; make it active first.`);
        const left = await leftOf(request, manager);
        if (left === undefined) return { ok: true, message: 'Nothing happened in that time, or it is no longer kept.' };
        const { webhook_id, actor } = request;
        const asked: ReplayRequest = { replay_id: randomUUID(), webhook_id, by: actor.id, left };
        await store.replays.put(replayKey(asked), JSON.stringify(asked));
        return { ok: true, message: 'It is told again, with the same ids, beside what happens now.' };
      }),
  };
}

const asPut = ({ name, url, events, status, actor, reason }: Put, at: string) => ({
  name,
  url,
  events: [...new Set(events)],
  status,
  status_reason: reason,
  status_at: at,
  changed_by: actor.id,
  changed_at: at,
});

function checkEndpoint(url: string, { estate }: Pick<WebhookCommandsOptions, 'estate'>): void {
  const policy = { privateHosts: estate.policies.webhook_private_hosts, simulated: estate.simulated };
  const message = endpointProblem(url, policy);
  if (message === undefined) return;
  throw new Refusal('invalid', `The address cannot be used: ${message}.`, { fields: [{ path: '/url', message }] });
}

async function leftOf(
  { event_seqs, from, to }: z.output<(typeof commandRequests)['webhook.replay']>,
  manager: JetStreamManager,
): Promise<ReplayRequest['left'] | undefined> {
  if (event_seqs !== undefined) return { events: [...new Set(event_seqs)].sort((a, b) => a - b) };
  if (from === undefined || to === undefined || from >= to)
    throw new Refusal('invalid', 'Name events, or a time that begins before it ends.', {
      fields: [{ path: '/from', message: 'must be before to' }],
    });
  const next_seq = await firstEventFrom(manager, new Date(from));
  return next_seq === undefined ? undefined : { next_seq, to };
}

const changedMeanwhile = (current: Webhook | undefined): Refusal =>
  current === undefined
    ? new Refusal('conflict', 'Somebody removed it meanwhile.')
    : new Refusal('conflict', `${current.changed_by} changed it meanwhile: it is version ${current.version} now.`);
