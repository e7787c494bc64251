import type { Request, Response } from 'express';
import type { Sessions } from '#app/auth/sessions.ts';
import type { LiveHub, LiveMessage } from './hub.ts';

/** How often an open stream asks whether its session still lives. */
const sessionCheckMs = 60_000;
/** A reader this far behind is cut off; its browser reconnects and reloads, which is all a nudge would make it do. */
const maxBufferedBytes = 256 * 1024;

/**
 * `GET /live/pulse`: 204 where a page that asks again now can be answered, 503 where it should keep what it shows:
 * without NATS no session can be looked up. Tells nothing else, so it asks for no session itself.
 */
export function livePulse(hub: LiveHub) {
  return async (_: Request, response: Response): Promise<void> => {
    const answers = await hub.answers();
    response.setHeader('cache-control', 'no-store');
    response.status(answers ? 204 : 503).end();
  };
}

/**
 * `GET /live`: server-sent events `nudge` (contracts/v1/live.ts), `presence` ({"case_id"}: who is at that case
 * changed), `incidents` ({"incident_id"}: it was raised or changed), `stream` ({"up": boolean}; the heartbeat: with every beat of the
 * hub, and at once where it changes) and `signed-out`.
 * One abort controller a connection; everything the connection holds hangs on its signal and is let go once.
 */
export function liveStream(hub: LiveHub, sessions: Sessions) {
  return async (request: Request, response: Response): Promise<void> => {
    const cookies = request.get('cookie');
    const { viewer } = await sessions.read(cookies);
    if (!viewer) {
      response.status(401).type('text/plain').send('Sign in first.');
      return;
    }
    const connection = new AbortController();
    const { signal } = connection;
    const end = () => connection.abort();

    const send = (event: string, data: unknown) => {
      if (signal.aborted) return;
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > maxBufferedBytes) end();
    };
    const relay = (message: LiveMessage) => {
      switch (message.type) {
        case 'nudge':
          return send('nudge', message.nudge);
        case 'presence':
          return send('presence', { case_id: message.caseId });
        case 'incidents':
          return send('incidents', { incident_id: message.incidentId });
        case 'stream':
          return send('stream', { up: message.up });
      }
    };
    const checkSession = async () => {
      const { viewer: still } = await sessions.read(cookies);
      if (still) return;
      send('signed-out', {});
      end();
    };

    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');

    // A session that cannot be looked up just now is looked up again: the stream carries no data, only that there is news.
    const check = setInterval(() => void checkSession().catch(() => undefined), sessionCheckMs);
    const stopListening = hub.listen(relay);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(check);
        stopListening();
        response.end();
      },
      { once: true },
    );
    response.once('close', end).once('error', end);
    send('stream', { up: hub.isUp() });
  };
}
