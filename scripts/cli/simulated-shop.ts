import type { Target } from './connection.ts';
import type { Delivery } from './delivery.ts';

/**
 * A shop knows an order before its webhook tells of it. Where the shop is simulated it is told here, so that it answers
 * when the engine acknowledges, captures and fulfils. Real shops, and payloads that are no orders, are left alone.
 */
export async function introduceToShop(
  { runtime, secrets }: Target,
  system: string,
  delivery: Delivery,
  body: Buffer,
): Promise<void> {
  if (!runtime?.simulated || secrets === undefined || delivery.topic !== 'orders/create') return;
  await fetch(`${runtime.simulator}/_sim/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sim-token': secrets.simulator_token },
    body: JSON.stringify({ system, order: body.toString('utf8') }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
}
