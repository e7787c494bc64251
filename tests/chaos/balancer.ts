import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  url: string;
  close(): Promise<void>;
}

/** Passes connections on to one of the replicas that listens, in turn, as a load balancer before the intake does. */
export async function startBalancer(targets: () => readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let turn = 0;

  const attach = (client: Socket, ports: readonly number[]): void => {
    const [port, ...rest] = ports;
    if (port === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect({ port, host: '127.0.0.1' });
    let connected = false;
    upstream.once('connect', () => {
      connected = true;
      sockets.add(upstream);
      client.pipe(upstream);
      upstream.pipe(client);
    });
    upstream.once('error', () => {
      if (connected) client.destroy();
      else attach(client, rest);
    });
    upstream.once('close', () => {
      sockets.delete(upstream);
      if (connected) client.destroy();
    });
    client.once('close', () => upstream.destroy());
  };

  const server = createServer((client) => {
    sockets.add(client);
    client.once('error', () => client.destroy());
    client.once('close', () => sockets.delete(client));
    const ports = targets();
    const first = turn++ % Math.max(1, ports.length);
    attach(client, [...ports.slice(first), ...ports.slice(0, first)]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
