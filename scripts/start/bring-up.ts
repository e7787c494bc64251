import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { aborted } from './aborted.ts';
import { ensureSignIns } from './accounts.ts';
import { ensureEstateClients } from './api-clients.ts';
import type { Supervised } from './child.ts';
import { subscribePartner } from './partner.ts';
import type { Progress } from './progress.ts';
import { waitReady } from './readiness.ts';
import { serviceAddresses, simulatorAddress } from './ready-addresses.ts';
import { type Secrets, writeSecrets } from './secrets.ts';
import { local, natsUrl, type ServicePlan, servicesOf } from './services.ts';
import type { Stack } from './stack.ts';
import { StartError } from './start-error.ts';

export interface BringUp {
  plan: Omit<ServicePlan, 'secrets'>;
  kept: Secrets;
  estate: Estate;
  stack: Stack;
  progress: Progress;
  signal: AbortSignal;
}

const NATS_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 180_000;

/**
 * Starts NATS, gives a fresh data directory its accounts, starts the services and waits until all of them may work.
 * @returns the secrets, completed.
 * @throws StartError where a process keeps ending or is not ready in time; AbortError where the signal was aborted.
 */
export async function bringUp({ plan, kept, estate, stack, progress, signal }: BringUp): Promise<Secrets> {
  const since = Date.now();
  const nats = stack.start(servicesOf({ ...plan, secrets: kept }).nats);
  const connection = await Promise.race([connect(natsUrl(plan.ports), kept, signal), nats.gaveUp]);
  progress.done('NATS with JetStream', since);
  const secrets = await accounts(connection, kept, estate, plan);

  const services = servicesOf({ ...plan, secrets });
  const started: Supervised[] = [stack.start(services.consoleAndIngest), stack.start(services.engine)];
  if (plan.options.demo) stack.start(services.simulator);
  const allReady = Promise.all(
    Object.entries(serviceAddresses(plan.ports)).map(([name, url]) =>
      waitReady(name, url, progress, { timeoutMs: READY_WITHIN_MS, signal }),
    ),
  );
  await Promise.race([allReady, aborted(signal), ...started.map((part) => part.gaveUp)]);
  signal.throwIfAborted();
  if (plan.options.demo) {
    const again = await connect(natsUrl(plan.ports), secrets, signal);
    await subscribePartner(again, secrets, local(plan.ports.simulator)).finally(() => again.close());
  }
  return secrets;
}

/** The console can be used while the simulated estate still hands over its products and stock; this tells when it trades. */
export async function announceTraffic({ plan, progress, signal }: Omit<BringUp, 'kept' | 'estate' | 'stack'>) {
  try {
    for (const [name, url] of Object.entries(simulatorAddress(plan.ports)))
      await waitReady(`${name}: master data handed over, orders are coming in`, url, progress, {
        timeoutMs: 2 * READY_WITHIN_MS,
        signal,
        quietly: true,
      });
  } catch (error) {
    if (!signal.aborted) progress.warn(error instanceof Error ? error.message : String(error));
  }
}

async function accounts(
  connection: NatsConnection,
  kept: Secrets,
  estate: Estate,
  plan: Pick<ServicePlan, 'options'>,
): Promise<Secrets> {
  try {
    const withPeople = await ensureSignIns(connection, kept, plan.options.demo);
    const complete = await ensureEstateClients(connection, estate, withPeople);
    writeSecrets(plan.options.dataDir, complete);
    return complete;
  } finally {
    await connection.close();
  }
}

/** Tries until the server listens and JetStream answers; a large store takes a while to open. */
async function connect(url: string, { nats }: Secrets, signal: AbortSignal): Promise<NatsConnection> {
  const giveUpAt = Date.now() + NATS_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await connectNats({ url, name: 'start', log: silentLog, timeoutMs: 2_000, ...nats });
    } catch (error) {
      if (Date.now() > giveUpAt)
        throw new StartError(
          `NATS does not answer on ${url}: ${error instanceof Error ? error.message : 'no answer'}.`,
        );
      await delay(100);
    }
  }
}
