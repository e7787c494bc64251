import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Nonce of this response, made before anything is rendered. */
export const nonceOf = (response: Response): string => String(response.locals['cspNonce']);

/**
 * Headers of every response. Scripts and style elements need this response's nonce or come from our own origin;
 * style attributes stay allowed, since widths and positions are data (waterfall, sparklines) and carry no code.
 * In development Vite's client adds style elements of its own and talks over a web socket.
 */
export function securityHeaders(options: { https: boolean; development: boolean }): RequestHandler[] {
  const nonce = (_: unknown, response: unknown) => `'nonce-${nonceOf(response as Response)}'`;
  return [
    (_request, response, next) => {
      response.locals['cspNonce'] = randomBytes(16).toString('base64');
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'", nonce],
          styleSrcElem: options.development ? ["'self'", "'unsafe-inline'"] : ["'self'", nonce],
          styleSrcAttr: ["'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: options.development ? ["'self'", 'ws:'] : ["'self'"],
          workerSrc: ["'self'"],
          manifestSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          objectSrc: ["'none'"],
          ...(options.https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      crossOriginEmbedderPolicy: false,
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
      next();
    },
  ];
}

/**
 * Refuses every request that could change something unless the browser says that it comes from this very origin.
 * `Sec-Fetch-Site` decides where it is sent; otherwise `Origin` must be ours. A request with neither is no browser's
 * form and is refused too: programs have `/api`, which knows no cookies and comes before this.
 */
export function sameOriginOnly(publicOrigin: string | undefined) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(request, publicOrigin)) {
      next();
      return;
    }
    response.status(403).type('text/plain').send('Refused: this request does not come from the console itself.');
  };
}

function isSameOrigin(request: Request, publicOrigin: string | undefined): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = request.get('origin');
  if (origin === undefined) return site === 'same-origin';
  return origin === (publicOrigin ?? `${request.protocol}://${request.get('host') ?? ''}`);
}

/** Answers 413 where the stated length is too much and 411 where none is stated; browsers always state it. */
export function limitBody(maxBytes: number): RequestHandler {
  return (request, response, next) => {
    const refuse = (status: number, why: string) =>
      void response.status(status).set('connection', 'close').type('text/plain').send(`Refused: ${why}.`);
    if (request.get('transfer-encoding') !== undefined) refuse(411, 'state the length of the body');
    else if (Number(request.get('content-length') ?? 0) > maxBytes) refuse(413, `the body exceeds ${maxBytes} bytes`);
    else next();
  };
}
