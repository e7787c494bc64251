import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { product, type Product } from '#contracts/v1/catalogue.ts';
import { channelMapping, channelProduct } from '#contracts/v1/channel-api.ts';
import { resourceParts, type IntakeHeaders } from '#contracts/v1/intake.ts';
import { mapping, type Mapping, mappingOwner } from '#contracts/v1/mapping.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import type { Arrival } from '../arrivals/arrival.ts';
import { readIntakeHeaders } from '../intake/headers.ts';
import { Slots } from '../work/slots.ts';
import type { MasterData } from './master-data.ts';

export type MasterChange = { kind: 'product'; value: Product } | { kind: 'mapping'; value: Mapping };

/**
 * Reads a message of domain `master`: the path it was put to and the body make a product or a mapping.
 * @throws where it cannot be understood; intake checked it, so that is a defect of ours.
 */
export function readMasterMessage(headers: IntakeHeaders, body: string): MasterChange {
  const sent: unknown = JSON.parse(body);
  const [, resource, ...parts] = resourceParts(headers['syncline-resource'] ?? '');
  if (resource === 'products') {
    return {
      kind: 'product',
      value: product.parse({ ...channelProduct.parse(sent), schema_version: 1, sku: parts[0] }),
    };
  }
  if (resource !== 'mappings') throw new Error(`"${headers['syncline-resource'] ?? ''}" is no master data`);
  const { system, target, reason, changed_at } = channelMapping.parse(sent);
  const value = mapping.parse({
    kind: parts[0],
    system: system ?? headers['syncline-system'],
    code: parts[1],
    target,
    reason,
    changed_by: `api:${headers['syncline-client'] ?? headers['syncline-system']}`,
    changed_at: changed_at ?? headers['syncline-received-at'],
  });
  return { kind: 'mapping', value };
}

const CONCURRENCY = 16;

/** Applies every message of domain `master`; replicas of the engine share the load, and the newer value stays. */
export async function startMasterIntake(
  nc: NatsConnection,
  master: Pick<MasterData, 'mapping' | 'putProduct' | 'putMapping'>,
  log: Log,
  publish: (product: Product, arrival: Arrival) => Promise<void> = () => Promise.resolve(),
): Promise<{ stop(): Promise<void> }> {
  const manager = await jetstreamManager(nc);
  const durable_name = 'intake-master';
  await manager.consumers.add(streams.intake, {
    durable_name,
    filter_subject: subjects.intakeDomain('master'),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(30_000),
    max_ack_pending: 64,
  });
  const consumer = await jetstream(nc).consumers.get(streams.intake, durable_name);
  const messages = await consumer.consume({ max_messages: 64 });
  // Several at once: which of two values of one key stays is decided by their times, not by their order here.
  const slots = new Slots(() => CONCURRENCY);
  const underWay = new Set<Promise<void>>();
  const done = (async () => {
    for await (const message of messages) {
      await slots.acquire(0);
      const task = take(message, master, log, publish).finally(() => {
        slots.release();
        underWay.delete(task);
      });
      underWay.add(task);
    }
    await Promise.all(underWay);
  })();
  return {
    stop: async () => {
      await messages.close();
      await done;
    },
  };
}

/** Whoever owned it owns it still: a system that sends it again names no owner. */
function ownedAsBefore(value: Mapping, master: Pick<MasterData, 'mapping'>): Mapping {
  const before = master.mapping(value.kind, value.system, value.code);
  return before === undefined ? value : { ...value, owner: mappingOwner(before) };
}

async function take(
  message: JsMsg,
  master: Pick<MasterData, 'mapping' | 'putProduct' | 'putMapping'>,
  log: Log,
  publish: (product: Product, arrival: Arrival) => Promise<void>,
): Promise<void> {
  let change: MasterChange;
  let headers: IntakeHeaders;
  try {
    headers = readIntakeHeaders(message.headers);
    change = readMasterMessage(headers, message.string());
  } catch (error) {
    // It stays in INTAKE; a repetition would end the same way.
    log.error({ err: error, intake_seq: message.seq }, 'a master data message could not be understood');
    // Without a reason: a server before 2.10 takes no notice of one that is given with it.
    message.term();
    return;
  }
  try {
    if (change.kind === 'mapping') await master.putMapping(ownedAsBefore(change.value, master));
    else {
      await master.putProduct(change.value);
      await publish(change.value, { seq: message.seq, headers, body: message.data });
    }
    crashPoint('engine.ack.before');
    message.ack();
    crashPoint('engine.ack.after');
  } catch (error) {
    log.warn({ err: error, intake_seq: message.seq }, 'master data could not be stored, trying again');
    message.nak(1_000);
  }
}
