import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLeases, LeaseLost, type LeaseOptions, type Leases } from '#platform/lease.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
const open: { nc: NatsConnection; leases: Leases }[] = [];
const TTL = 900;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.close());
afterEach(async () => {
  for (const { nc, leases } of open.splice(0)) {
    await leases.close();
    await nc.close();
  }
});

async function replica(owner: string, options: Partial<LeaseOptions> = {}) {
  const nc = await connect({ servers: nats.url, noAsyncTraces: true });
  const leases = await createLeases(nc, { owner, ttlMs: TTL, ...options });
  const entry = { nc, leases };
  open.push(entry);
  return { ...entry, forget: () => open.splice(open.indexOf(entry), 1) };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** A run that says when it starts and then lasts until told to end. */
function watched(holders: Set<string>, name: string, waiters: (() => void)[] = []) {
  let started: () => void = () => undefined;
  const start = new Promise<void>((resolve) => (started = resolve));
  return {
    start,
    run: async (signal: AbortSignal) => {
      holders.add(name);
      started();
      for (const waiter of waiters.splice(0)) waiter();
      await aborted(signal);
      holders.delete(name);
    },
  };
}

describe('a lease', () => {
  test('is held by one replica at a time and passes on as soon as it is released', async () => {
    const a = await replica('a1');
    const b = await replica('b1');
    const holders = new Set<string>();
    const first = watched(holders, 'a');
    const second = watched(holders, 'b');
    const holding = a.leases.hold('one', first.run);
    await first.start;
    b.leases.hold('one', second.run);
    expect(a.leases.holds('one')).toBe(true);
    expect(b.leases.holds('one')).toBe(false);
    await holding.release();
    await second.start;
    expect([...holders]).toEqual(['b']);
  });

  test('passes on after its time to live when the holder vanished', async () => {
    const a = await replica('a2');
    const b = await replica('b2');
    const holders = new Set<string>();
    const first = watched(holders, 'a');
    const second = watched(holders, 'b');
    a.leases.hold('two', first.run);
    await first.start;
    b.leases.hold('two', second.run);
    a.forget();
    const from = performance.now();
    await a.nc.close();
    await second.start;
    expect(performance.now() - from).toBeGreaterThan(TTL / 3);
    expect(performance.now() - from).toBeLessThan(TTL * 2);
  });

  test('ends the run of a holder that cannot renew, before anybody else can win it', async () => {
    const other = await startNats();
    try {
      const nc = await connect({ servers: other.url, noAsyncTraces: true, maxReconnectAttempts: -1 });
      const lost: string[] = [];
      const leases = await createLeases(nc, { owner: 'a3', ttlMs: TTL, onLost: (name) => lost.push(name) });
      const reason = await new Promise((resolve) => {
        leases.hold('three', async (signal) => {
          await other.close();
          await aborted(signal);
          resolve(signal.reason);
        });
      });
      expect(reason).toBeInstanceOf(LeaseLost);
      expect(lost).toEqual(['three']);
      await nc.close();
      await leases.close();
    } finally {
      await other.close();
    }
  });

  test('a run that fails gives the lease back and is tried again', async () => {
    const errors: string[] = [];
    const a = await replica('a4', { onError: (error) => errors.push(String(error)) });
    let runs = 0;
    await new Promise<void>((resolve) => {
      a.leases.hold('four', async (signal) => {
        if (++runs === 1) throw new Error('could not start');
        resolve();
        await aborted(signal);
      });
    });
    expect(runs).toBe(2);
    expect(errors).toEqual(['Error: could not start']);
  });

  test('leases spread over the replicas that want them, also when a replica joins late', async () => {
    const a = await replica('a5');
    const names = ['p0', 'p1', 'p2', 'p3'];
    const holders = new Set<string>();
    await Promise.all(
      names.map((name) => {
        const it = watched(holders, `a ${name}`);
        a.leases.hold(name, it.run);
        return it.start;
      }),
    );
    const b = await replica('b5');
    let count = 0;
    await new Promise<void>((resolve) => {
      for (const name of names) {
        b.leases.hold(name, async (signal) => {
          if (++count === 2) resolve();
          await aborted(signal);
        });
      }
    });
    expect(names.filter((name) => a.leases.holds(name))).toHaveLength(2);
  });

  test('twenty replicas racing for one lease never hold it together', async () => {
    const replicas = await Promise.all(Array.from({ length: 20 }, (_, i) => replica(`r${i}`)));
    let holding = 0;
    let most = 0;
    let turns = 0;
    await new Promise<void>((resolve) => {
      for (const { leases } of replicas) {
        const held = leases.hold('race', async () => {
          most = Math.max(most, ++holding);
          await new Promise((next) => setImmediate(next));
          holding--;
          if (++turns === 20) resolve();
          void held.release();
        });
      }
    });
    expect(most).toBe(1);
  });
});
