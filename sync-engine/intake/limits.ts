import type { Server } from 'node:http';

/** Bounds that keep one client from stopping the others. */
export interface IntakeLimits {
  /** Largest body accepted, in bytes. */
  bodyBytes: number;
  /** A request's headers must be complete within this many milliseconds, */
  headersTimeoutMs: number;
  /** and the whole request within this. */
  requestTimeoutMs: number;
  /** A connection on which nothing moves is closed after this. */
  idleTimeoutMs: number;
  connections: number;
  /** From one address. Behind a proxy all come from the proxy's. */
  connectionsPerAddress: number;
  /** Requests refused for want of a valid key or signature, per address and minute; beyond it no body is read. */
  failuresPerMinute: number;
  /** Webhooks with a valid signature, per sending system and minute. */
  webhooksPerMinute: number;
}

export const defaultLimits: IntakeLimits = {
  bodyBytes: 1_000_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 15_000,
  idleTimeoutMs: 30_000,
  connections: 4_096,
  connectionsPerAddress: 512,
  failuresPerMinute: 120,
  webhooksPerMinute: 60_000,
};

/** Room for headers in a NATS message: a request's headers are bounded by Node's 16 KiB. */
const HEADER_BYTES = 16_384;

/** The body limit that also fits a NATS message of `maxPayload` bytes. */
export const bodyLimit = (limits: IntakeLimits, maxPayload: number): number =>
  Math.min(limits.bodyBytes, maxPayload - HEADER_BYTES);

/** Closes a connection at once where its address holds too many already. */
export function limitConnections(server: Server, limits: IntakeLimits): void {
  server.maxConnections = limits.connections;
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > limits.connectionsPerAddress) socket.destroy();
  });
}
