import { NatsConnectionImpl, setTransportFactory } from '@nats-io/nats-core/internal';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { nodeResolveHost, NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

/**
 * The client's own transport, which writes to the socket once a turn of the event loop instead of once for every
 * microtask that published something: a third less work for the server, and fewer system calls here.
 */
class BatchingTransport extends NodeTransport {
  #corked = false;

  override send(frame: Uint8Array): void {
    if (!this.#corked && !this.isClosed) {
      this.#corked = true;
      const { socket } = this;
      socket.cork();
      setImmediate(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    super.send(frame);
  }
}

/** As `connect` of @nats-io/transport-node, whose transport cannot be chosen. */
export function connectBatching(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new BatchingTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}
