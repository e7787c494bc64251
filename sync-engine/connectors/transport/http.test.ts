import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { system as systemSchema } from '#contracts/v1/estate.ts';
import { ConnectorError, type PreparedCall, type Transport } from '../connector.ts';
import { openHttpTransport } from './http.ts';

const opened: { server?: Server; transport?: Transport }[] = [];
afterEach(async () => {
  for (const { server, transport } of opened.splice(0)) {
    await transport?.close();
    server?.closeAllConnections();
    server?.close();
  }
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const get: PreparedCall = { method: 'GET', path: '/things?a=1', headers: {}, body: '' };

async function transportTo(listener: RequestListener, timeout_s = 5): Promise<Transport> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return open(`http://127.0.0.1:${port}/base/`, timeout_s, server);
}
function open(base_url: string, timeout_s: number, server?: Server): Transport {
  const system = systemSchema.parse({
    id: 'erp',
    name: 'The ERP',
    role: 'erp',
    kind: 'netsuite',
    base_url,
    limits: { timeout_s },
  });
  const transport = openHttpTransport(system, () => ({ authorization: 'Bearer token' }));
  opened.push({ transport, ...(server === undefined ? {} : { server }) });
  return transport;
}
async function failureOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectorError)) throw new Error(`not refused: ${String(error)}`);
  return error.detail;
}

describe('a call over HTTP', () => {
  test('goes below the base URL with credentials, trace context and the exact body', async () => {
    const seen: Record<string, unknown> = {};
    const transport = await transportTo((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        Object.assign(seen, { url: request.url, method: request.method, body, ...request.headers });
        response.writeHead(201, { 'X-Request-Id': 'r1', 'content-type': 'application/json' }).end('{"ok":true}');
      });
    });
    const call = {
      method: 'PUT',
      path: '/a%3D%3Db?x=1',
      headers: { 'content-type': 'application/json' },
      body: '{"id":820982911946154508}',
    };
    const answer = await transport.send(call, { traceparent });
    expect(answer).toMatchObject({ status: 201, body: '{"ok":true}', headers: { 'x-request-id': 'r1' } });
    expect(seen).toMatchObject({
      url: '/base/a%3D%3Db?x=1',
      method: 'PUT',
      body: '{"id":820982911946154508}',
      authorization: 'Bearer token',
      traceparent,
      'user-agent': 'syncline',
    });
  });

  test('resolves with whatever status the system answers', async () => {
    const transport = await transportTo((_, response) => response.writeHead(503, { 'retry-after': '7' }).end('down'));
    expect(await transport.send(get, { traceparent })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'down',
    });
  });

  test('that is not answered in time may have happened', async () => {
    const transport = await transportTo(() => undefined, 0.05);
    expect(await failureOf(transport.send(get, { traceparent }))).toEqual({
      errorClass: 'timeout',
      code: 'TIMEOUT',
      message: 'The ERP did not answer within 0.05 s.',
      retryable: true,
      mayHaveHappened: true,
    });
  });

  test('whose answer stops in the middle may have happened', async () => {
    const transport = await transportTo((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(transport.send(get, { traceparent }))).toMatchObject({
      errorClass: 'unavailable',
      mayHaveHappened: true,
    });
  });

  test('to a port where nobody listens certainly did not happen', async () => {
    const transport = open('http://127.0.0.1:1/', 5);
    expect(await failureOf(transport.send(get, { traceparent }))).toMatchObject({
      errorClass: 'unavailable',
      code: 'ECONNREFUSED',
      retryable: true,
      mayHaveHappened: false,
    });
  });

  test('with an answer beyond all bounds is given up', async () => {
    const transport = await transportTo((_, response) => response.end(Buffer.alloc(5_100_000, 32)));
    expect(await failureOf(transport.send(get, { traceparent }))).toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      retryable: false,
    });
  });

  test('is waited for no longer than its caller has time', async () => {
    const transport = await transportTo(() => undefined, 5);
    expect(await failureOf(transport.send(get, { traceparent, timeoutMs: 50 }))).toMatchObject({
      errorClass: 'timeout',
      message: 'The ERP did not answer within 0.05 s.',
    });
  });
});
