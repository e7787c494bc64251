import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { unreachable } from './drop.ts';

export interface SftpServer {
  host: string;
  port: number;
  user: string;
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. A server with another key is not talked to. */
  hostKey: string;
  password?: string;
  /** OpenSSH or PEM. */
  privateKey?: string;
  passphrase?: string;
  /** Of a connection, and of what is asked through it besides the time that its bytes may take, in milliseconds. */
  timeoutMs: number;
}

export interface SftpSession {
  /**
   * Does something with the connection, which is made where there is none. Requests are not repeated.
   * @param bytes to be moved by it; a slow line has more time for many.
   */
  use<T>(act: (sftp: SFTPWrapper) => Promise<T>, bytes?: number): Promise<T>;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
/** Bytes a millisecond of the slowest line that is put up with. */
const SLOWEST = 20;

/**
 * One connection to an SFTP server, made when it is first needed and again after it broke. Between attempts that fail
 * there are growing pauses, during which every use fails at once.
 */
export function openSftpSession(server: SftpServer, now: () => number = () => performance.now()): SftpSession {
  let current: { client: Client; sftp: SFTPWrapper } | undefined;
  let connecting: Promise<SFTPWrapper> | undefined;
  let failures = 0;
  let notBefore = 0;
  let lastWords = '';

  const drop = (client: Client) => {
    if (current?.client === client) current = undefined;
    client.end();
  };
  const connect = async (): Promise<SFTPWrapper> => {
    if (now() < notBefore) throw unreachable('SFTP_PAUSED', `${lastWords} It is tried again in a moment.`);
    try {
      const { client, sftp } = await openConnection(server);
      client.once('close', () => drop(client));
      client.on('error', () => drop(client));
      current = { client, sftp };
      failures = 0;
      return sftp;
    } catch (error) {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++);
      // Half of it by chance, so that replicas do not all knock at once.
      notBefore = now() + pause / 2 + (Math.random() * pause) / 2;
      lastWords = error instanceof Error ? error.message : 'The server cannot be reached.';
      throw error;
    }
  };
  const connected = (): Promise<SFTPWrapper> => {
    if (current !== undefined) return Promise.resolve(current.sftp);
    connecting ??= connect().finally(() => (connecting = undefined));
    return connecting;
  };

  return {
    use: async (act, bytes = 0) => {
      const patience = server.timeoutMs + bytes / SLOWEST;
      const sftp = await connected();
      const client = current?.client;
      let timer: NodeJS.Timeout | undefined;
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          // Nobody knows what the connection is still good for.
          if (client !== undefined) drop(client);
          reject(unreachable('SFTP_TIMEOUT', `${server.host} did not answer within ${Math.round(patience / 1000)} s.`));
        }, patience);
      });
      try {
        return await Promise.race([act(sftp), overdue]);
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => {
      await connecting?.catch(() => undefined);
      if (current !== undefined) drop(current.client);
    },
  };
}

function openConnection(server: SftpServer): Promise<{ client: Client; sftp: SFTPWrapper }> {
  const { host, port, user, password, privateKey, passphrase, timeoutMs } = server;
  const client = new ssh2.Client();
  let otherKey = '';
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      client.end();
      reject(otherKey === '' ? refused(server, error) : unpinned(server, otherKey));
    };
    client.on('error', fail);
    client.once('close', () => fail(new Error('the connection was closed')));
    client.once('ready', () =>
      client.sftp((error, sftp) => {
        if (error !== undefined) return fail(error);
        client.removeAllListeners('close');
        // Requests are small and each waits for its answer.
        client.setNoDelay(true);
        client.removeListener('error', fail);
        resolve({ client, sftp });
      }),
    );
    client.connect({
      host,
      port,
      username: user,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      readyTimeout: timeoutMs,
      keepaliveInterval: KEEP_ALIVE_MS,
      hostVerifier: (key: Buffer) => {
        const shown = fingerprintOf(key);
        if (same(shown, server.hostKey)) return true;
        otherKey = shown;
        return false;
      },
    });
  });
}

/** As OpenSSH writes it. */
export const fingerprintOf = (key: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

const refused = ({ host, user }: SftpServer, error: Error) =>
  'level' in error && error.level === 'client-authentication'
    ? unreachable('SFTP_AUTH', `${host} does not let "${user}" in. Check the credentials of the system.`, error)
    : unreachable('SFTP_CONNECTION', `${host} cannot be reached: ${error.message}.`, error);

const unpinned = ({ host }: SftpServer, shown: string) =>
  unreachable(
    'SFTP_HOST_KEY',
    `${host} shows another host key than the pinned one (${shown}), so nothing is sent to it. Ask its owner, then change drop.host_key.`,
  );
