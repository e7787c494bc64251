import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { openLeaseTable, type LeaseTable } from './lease-table.ts';

/** Reason of the abort when a lease is gone: whatever the holder still does may race with its successor. */
export class LeaseLost extends Error {
  constructor(name: string) {
    super(`lease ${name} was lost`);
    this.name = 'LeaseLost';
  }
}

export interface LeaseOptions {
  /** Names this process, unique among all that run: host and process id. */
  owner: string;
  /** A lease not renewed for this long is free. Renewal runs every third of it. */
  ttlMs: number;
  /** Called when a lease ended against our will (expired while NATS was away, or taken). */
  onLost?: (name: string) => void;
  /** Called with what went wrong in the background; the work goes on. */
  onError?: (error: unknown, name: string) => void;
  /** Milliseconds of a clock that never jumps. */
  now?: () => number;
}

export interface Holding {
  /** Ends `run` (its signal aborts), waits for it, gives the lease back and no longer competes for it. */
  release(): Promise<void>;
}

export interface Leases {
  /**
   * Competes for the lease and calls `run` each time it is won. `run` should last until its signal aborts and must end
   * soon after; no second `run` of the same name starts before. A `run` that ends or throws by itself gives the lease
   * back, and after a pause it is competed for again. A lease is no proof on its own: every durable write made under it
   * still carries its own fence.
   */
  hold(name: string, run: (signal: AbortSignal) => Promise<void>): Holding;
  /** Is the lease ours at this moment? */
  holds(name: string): boolean;
  /** Releases everything; call it at shutdown before the connection is drained. */
  close(): Promise<void>;
}

interface Hold {
  name: string;
  run: (signal: AbortSignal) => Promise<void>;
  /** Set while `run` is under way. */
  active?: { controller: AbortController; done: Promise<void> } | undefined;
  /** Revision of our own entry while the lease is ours, otherwise 0. */
  revision: number;
  /** By our clock: beyond it the lease may be somebody else's. Counted from before the renewal was sent. */
  validUntil: number;
  expiry?: NodeJS.Timeout | undefined;
  /** The write under way, so that renewing and giving back never race with each other. */
  writing: Promise<void>;
  /** Since when the lease is seen free, for waiting our turn. */
  freeSince?: number | undefined;
  notBefore: number;
  givingBack: boolean;
  closing: boolean;
}

/** Opens the leases of this process in the KV bucket LEASES. */
export async function createLeases(nc: NatsConnection, options: LeaseOptions): Promise<Leases> {
  const { owner, ttlMs } = options;
  const now = options.now ?? (() => performance.now());
  const report = options.onError ?? (() => undefined);
  const nonce = randomBytes(12).toString('hex');
  const holds = new Map<string, Hold>();
  const stepMs = ttlMs / 3;
  let closing = false;
  let wake: () => void = () => undefined;
  let woken = false;
  const nudge = (): void => {
    woken = true;
    wake();
  };
  const table: LeaseTable = await openLeaseTable(nc, {
    nonce,
    now,
    // Only news that lets us act at once ends the pause early; renewals of others do not.
    onChange: () => {
      for (const hold of holds.values()) if (!hold.active && isFree(hold)) return nudge();
    },
    onError: (error) => report(error, '*'),
  });

  function isFree(hold: Hold): boolean {
    const seen = table.lease(hold.name);
    const at = table.serverNow();
    if (at === undefined) return false;
    if (!seen || seen.value.owner === '') return true;
    // Our own entry without a run: a write whose outcome we never learnt went through after all.
    return seen.value.nonce === nonce || at - seen.writtenMs >= seen.value.ttl_ms;
  }

  const heldBy = (who: string): number => table.leases().filter((seen) => seen.value.owner === who).length;
  const ownCount = (): number => [...holds.values()].filter((hold) => hold.revision > 0).length;
  /** Leases held here beyond those of the least loaded other replica that wants this one too; 0 where there is none. */
  const surplus = (name: string): number => {
    const rivals = table.members().filter((member) => member.nonce !== nonce && member.wants.includes(name));
    if (rivals.length === 0) return 0;
    return Math.max(0, ownCount() - Math.min(...rivals.map((rival) => heldBy(rival.owner))));
  };

  function end(hold: Hold, reason: Error | undefined): void {
    clearTimeout(hold.expiry);
    hold.expiry = undefined;
    if (reason instanceof LeaseLost) {
      hold.revision = 0;
      options.onLost?.(hold.name);
    }
    hold.active?.controller.abort(reason);
  }

  function extend(hold: Hold, revision: number, sentAt: number): void {
    hold.revision = revision;
    hold.validUntil = sentAt + ttlMs;
    clearTimeout(hold.expiry);
    hold.expiry = setTimeout(() => end(hold, new LeaseLost(hold.name)), Math.max(0, hold.validUntil - now()));
  }

  async function giveBack(hold: Hold): Promise<void> {
    hold.givingBack = true;
    clearTimeout(hold.expiry);
    hold.expiry = undefined;
    await hold.writing;
    clearTimeout(hold.expiry);
    const { revision } = hold;
    hold.revision = 0;
    if (revision === 0 || nc.isClosed()) return;
    const value = { name: hold.name, owner: '', nonce, ttl_ms: ttlMs };
    await table.swap(value, revision, stepMs * 2).catch((error: unknown) => report(error, hold.name));
  }

  function start(hold: Hold): void {
    const controller = new AbortController();
    const work = async (): Promise<void> => {
      try {
        await hold.run(controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) report(error, hold.name);
      }
      // Ended by itself: pause, so that a run that cannot start does not spin.
      hold.notBefore = controller.signal.aborted ? 0 : now() + stepMs;
      await giveBack(hold);
      hold.active = undefined;
      hold.freeSince = undefined;
      nudge();
    };
    hold.givingBack = false;
    hold.active = { controller, done: work() };
  }

  async function renew(hold: Hold): Promise<void> {
    const sentAt = now();
    const { revision } = hold;
    try {
      const next = await table.swap({ name: hold.name, owner, nonce, ttl_ms: ttlMs }, revision, stepMs);
      if (hold.revision !== revision) return;
      if (next === undefined) end(hold, new LeaseLost(hold.name));
      else extend(hold, next, sentAt);
    } catch (error) {
      // The outcome is unknown; the expiry timer ends the hold if no later renewal succeeds.
      report(error, hold.name);
    }
  }

  async function grab(hold: Hold): Promise<void> {
    if (hold.active || hold.closing || closing || now() < hold.notBefore) return;
    if (!isFree(hold)) {
      hold.freeSince = undefined;
      return;
    }
    hold.freeSince ??= now();
    if (now() - hold.freeSince < surplus(hold.name) * (stepMs / 2)) return;
    const sentAt = now();
    const expected = table.lease(hold.name)?.revision ?? 0;
    const won = await table.swap({ name: hold.name, owner, nonce, ttl_ms: ttlMs }, expected, stepMs);
    if (won === undefined || now() >= sentAt + ttlMs) return;
    extend(hold, won, sentAt);
    start(hold);
  }

  async function cycle(): Promise<void> {
    const beating = table.beat({ owner, nonce, ttl_ms: ttlMs, wants: closing ? [] : [...holds.keys()] }, stepMs);
    const renewing = [...holds.values()]
      .filter((hold) => hold.revision > 0 && !hold.givingBack)
      .map((hold) => (hold.writing = renew(hold)));
    await Promise.all([beating, ...renewing]);
    // One after the other: what is taken counts in the decision on the next.
    for (const hold of holds.values()) await grab(hold);
    const shed = [...holds.values()].findLast((hold) => hold.active && hold.revision > 0 && surplus(hold.name) >= 2);
    if (shed && !closing) end(shed, undefined);
    for (const gone of table.longGone()) await table.forget(gone);
  }

  const looping = (async () => {
    let nextBeat = 0;
    while (!closing || [...holds.values()].some((hold) => hold.active)) {
      woken = false;
      try {
        if (now() >= nextBeat) {
          nextBeat = now() + stepMs;
          await cycle();
        } else {
          for (const hold of holds.values()) await grab(hold);
        }
      } catch (error) {
        if (nc.isClosed()) break;
        report(error, '*');
      }
      const turn = Math.min(nextBeat - now(), waitingTurn());
      if (!woken && turn > 0) {
        await new Promise<void>((resume) => {
          const timer = setTimeout(resume, turn);
          wake = () => {
            clearTimeout(timer);
            resume();
          };
        });
      }
    }
  })();

  /** Until the earliest free lease may be taken, in ms. */
  function waitingTurn(): number {
    const waits = [...holds.values()]
      .filter((hold) => !hold.active && hold.freeSince !== undefined)
      .map((hold) => Math.max(hold.notBefore, (hold.freeSince ?? 0) + surplus(hold.name) * (stepMs / 2)) - now());
    return Math.max(10, Math.min(stepMs, ...waits));
  }

  async function release(hold: Hold): Promise<void> {
    hold.closing = true;
    end(hold, undefined);
    await hold.active?.done;
    holds.delete(hold.name);
  }

  return {
    hold: (name, run) => {
      if (holds.has(name)) throw new Error(`lease ${name} is already competed for by this process`);
      const hold: Hold = {
        name,
        run,
        revision: 0,
        validUntil: 0,
        notBefore: 0,
        givingBack: false,
        closing: false,
        writing: Promise.resolve(),
      };
      holds.set(name, hold);
      nudge();
      return { release: () => release(hold) };
    },
    holds: (name) => (holds.get(name)?.revision ?? 0) > 0,
    close: async () => {
      closing = true;
      await Promise.all([...holds.values()].map(release));
      nudge();
      await looping;
      if (!nc.isClosed()) {
        await table.beat({ owner, nonce, ttl_ms: ttlMs, wants: [] }, stepMs).catch(() => undefined);
        await table.forget(owner).catch((error: unknown) => report(error, '*'));
      }
      await table.close();
    },
  };
}
