import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** A message that waits for its answer. */
export interface Received {
  /** Path it was sent to. */
  path: string;
  /** Its `webhook-id`. */
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  answer(status: number): void;
}

export interface WebhookReceiver {
  url: string;
  /** The next message, in the order they came. */
  next(): Promise<Received>;
  close(): Promise<void>;
}

/** Somebody's server that is told by webhooks and answers when the test says so. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const asked: ((message: Received) => void)[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const { url: path = '', headers } = request;
      const message: Received = {
        path,
        id: String(headers['webhook-id']),
        headers,
        body: Buffer.concat(chunks).toString(),
        answer: (status) => void response.writeHead(status).end(),
      };
      const ask = asked.shift();
      if (ask === undefined) received.push(message);
      else ask(message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    next: () => {
      const message = received.shift();
      return message === undefined ? new Promise((resolve) => asked.push(resolve)) : Promise.resolve(message);
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
