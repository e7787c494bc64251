import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { orAborted } from '#platform/or-aborted.ts';

const TIMEOUT_MS = 10_000;

/**
 * When the certificate ends that a server shows, whether or not it is trusted: one that has ended is to be told of too.
 * @throws Error where the server cannot be reached, speaks no TLS or does not answer within ten seconds; the signal's reason
 */
export async function certificateEnd(host: string, port: number, signal: AbortSignal): Promise<Date> {
  const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) });
  try {
    return await orAborted(endOf(socket), signal);
  } finally {
    socket.destroy();
  }
}

function endOf(socket: TLSSocket): Promise<Date> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
    socket.once('secureConnect', () => {
      const end = new Date(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(end.getTime())) reject(new Error('the server showed no certificate'));
      else resolve(end);
    });
  });
}
