import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server in the engine's place that keeps what the simulated estate sends it. */
export interface RecordingIntake {
  url: string;
  received: readonly Recorded[];
  /** Resolves with the first `count` messages that fit, those received already included. */
  waitFor(count: number, fits: (message: Recorded) => boolean): Promise<Recorded[]>;
  /** The next `times` messages are answered with this status and not kept. */
  refuse(status: number, times: number): void;
  close(): Promise<void>;
}

export async function startRecordingIntake(): Promise<RecordingIntake> {
  const received: Recorded[] = [];
  const waiting = new Set<() => void>();
  let refusals = { status: 500, times: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (refusals.times > 0) {
        refusals.times--;
        response.writeHead(refusals.status).end();
        return;
      }
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":true}');
      for (const look of waiting) look();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    refuse: (status, times) => void (refusals = { status, times }),
    waitFor: (count, fits) =>
      new Promise((resolve) => {
        const look = () => {
          const fitting = received.filter(fits).slice(0, count);
          if (fitting.length < count) return;
          waiting.delete(look);
          resolve(fitting);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}
