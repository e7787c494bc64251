import { setTimeout as delay } from 'node:timers/promises';
import { cloudEvent, eventNames } from '#contracts/v1/business-event.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { cloudEventOf } from '#sync-engine/events/cloud-event.ts';
import { readStream } from './check-events.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

export interface Partner {
  /** To be told of every step. */
  saw(step: StepEvent): void;
  /** With the engines still running: waits until the partner was told of every event. */
  checkTold(violations: Violations): Promise<void>;
  /** With every step seen: holds the events against the steps. */
  checkEvents(violations: Violations): Promise<void>;
}

const endpoint = 'partner';
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** So long without another event told, and nothing more is waited for. */
const STUCK_MS = 60_000;
const LOOK_MS = 500;

/** Somebody who is told of orders and stock by a webhook, and whose server fails now and then. */
export async function startPartner(world: World): Promise<Partner> {
  const { subscriber, url } = world.simulator;
  // Kept here: the subscriber forgets the oldest of what it took.
  const told = new Set<string>();
  subscriber.onTaken((message) => {
    if (message.endpoint === endpoint) told.add(message.id);
  });
  subscriber.trust(endpoint, [secret]);
  subscriber.answer(endpoint, { status: 503, share: 0.05 });
  const request = {
    actor: { id: 'chaos', roles: ['administrator' as const] },
    webhook_id: endpoint,
    version: 0,
    name: 'Partner',
    url: `${url}/subscriber/${endpoint}`,
    events: [...eventNames],
    status: 'active' as const,
    secret,
  };
  const reply = await requestCommand(world.nc, 'webhook.put', request);
  if (!reply.ok) throw new Error(`the partner could not subscribe: ${reply.error.message}`);
  const version = reply.webhook?.version ?? 0;
  // What happened before it subscribed it is not told of.
  const since = (await world.manager.streams.info(streams.events)).state.last_seq;
  const wanted: string[] = [];

  const events = async (after = 0) => {
    const ids: string[] = [];
    for await (const { seq, data } of readStream(world, streams.events))
      if (seq > after) ids.push(cloudEvent.parse(JSON.parse(Buffer.from(data).toString())).id);
    return ids;
  };
  const untold = async () => (await events(since)).filter((id) => !told.has(id));

  return {
    saw: (step) => {
      const made = cloudEventOf(step);
      if (made !== undefined) wanted.push(made.event.id);
    },
    checkTold: async (violations) => {
      subscriber.answer(endpoint, undefined);
      // Three refusals in a row put an event off for minutes, and all of its subject with it. It is due at once when the
      // partner says that its server is mended: what is untold after that was lost.
      const mended = await requestCommand(world.nc, 'webhook.put', { ...request, version });
      if (!mended.ok) throw new Error(`the partner could not say that it is well: ${mended.error.message}`);
      let left = await untold();
      let toldAt = performance.now();
      while (left.length > 0 && performance.now() - toldAt < STUCK_MS) {
        await delay(LOOK_MS);
        const before = left.length;
        left = await untold();
        if (left.length < before) toldAt = performance.now();
      }
      for (const id of left) violations.add('events the partner was not told of', id);
    },
    checkEvents: async (violations) => {
      const there = await events();
      const ids = new Set(there);
      violations.expect('business events', 'events in the stream twice', there.length - ids.size, 0);
      for (const id of wanted) if (!ids.has(id)) violations.add('steps without their business event', id);
      violations.expect('business events', 'events in all', ids.size, new Set(wanted).size);
    },
  };
}
