import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Estate } from '#contracts/v1/estate.ts';

/** A line to one system on which calls can be held, as a network may: what is held arrives once it is let go. */
export interface HeldCalls {
  /** The estate with the line in front of its system. */
  inFrontOf(estate: Estate): Estate;
  /** Holds the next call whose body contains `text`; with `broken` its caller loses the connection at once. */
  hold(text: string, options?: { broken?: boolean }): HeldCall;
  close(): Promise<void>;
}
export interface HeldCall {
  /** Resolves once the call is held. */
  held: Promise<unknown>;
  /** Lets it go; resolves once the system has answered it. */
  release(): Promise<unknown>;
}

export async function startHeldCalls(system: string): Promise<HeldCalls> {
  let target = '';
  const holds: { text: string; broken: boolean; call: EventEmitter; released: Promise<unknown> }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const body = Buffer.concat(chunks).toString();
        const index = holds.findIndex(({ text }) => body.includes(text));
        const hold = index === -1 ? undefined : holds.splice(index, 1)[0];
        if (hold?.broken === true) response.destroy();
        hold?.call.emit('held');
        await hold?.released;
        const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
        const { method = 'GET', url = '/' } = request;
        const sent = { method, headers: headers as Record<string, string>, ...(body === '' ? {} : { body }) };
        const answer = await fetch(new URL(url, target), sent);
        const text = await answer.text();
        hold?.call.emit('landed');
        const type = answer.headers.get('content-type') ?? 'application/json';
        response.writeHead(answer.status, { 'content-type': type }).end(text);
      })().catch(() => response.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    inFrontOf: (estate) => ({
      ...estate,
      systems: estate.systems.map((one) => {
        if (one.id !== system) return one;
        const { origin, pathname } = new URL(one.base_url ?? '');
        target = origin;
        return { ...one, base_url: `http://127.0.0.1:${port}${pathname}` };
      }),
    }),
    hold: (text, { broken = false } = {}) => {
      const call = new EventEmitter();
      holds.push({ text, broken, call, released: once(call, 'released') });
      const landed = once(call, 'landed');
      return {
        held: once(call, 'held'),
        release: () => {
          call.emit('released');
          return landed;
        },
      };
    },
    close: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}
