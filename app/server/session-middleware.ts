import type { RequestHandler, Response } from 'express';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppServices } from './context.ts';

/** Who sent the request that `response` answers. */
export const viewerOf = (response: Response): Viewer | null =>
  (response.locals['viewer'] as Viewer | undefined) ?? null;

/** Whether that request came with a session that is over. */
export const sessionEnded = (response: Response): boolean => response.locals['sessionEnded'] === true;

/** Reads the session once per request and sends its cookie along where it was prolonged or is dead. */
export function readSession({ sessions }: AppServices): RequestHandler {
  return (request, response, next) => {
    sessions
      .read(request.get('cookie'))
      .then(({ viewer, ended, cookie }) => {
        response.locals['viewer'] = viewer;
        response.locals['sessionEnded'] = ended;
        if (cookie !== undefined) response.append('set-cookie', cookie);
        // What a signed-in person sees belongs in no shared cache.
        response.setHeader('cache-control', 'no-store');
        next();
      })
      .catch(next);
  };
}
