import type { System } from '#contracts/v1/estate.ts';
import type { Secrets } from '../connectors/connector.ts';
import { credential } from '../connectors/transport/credentials.ts';
import type { Drop } from './drop.ts';
import { openFolderDrop } from './folder-drop.ts';
import { openSftpDrop } from './sftp-drop.ts';
import { openSftpSession, type SftpServer } from './sftp-session.ts';

const SSH_PORT = 22;

/**
 * The folders of a system that exchanges files: `drop.in`, which it leaves files in, and `drop.out`. With a `base_url` of
 * `sftp://user@host:port` they are at that server, else in a file system that all replicas see.
 * @throws Error naming a setting that is absent or wrong; the start stops with it.
 */
export function openDrop(system: System, secrets: Secrets): Drop {
  const folders = { inbox: folderOf(system, 'drop.in'), outbox: folderOf(system, 'drop.out') };
  if (!system.base_url.startsWith('sftp:')) return openFolderDrop(folders);
  return openSftpDrop(openSftpSession(serverOf(system, secrets)), folders);
}

/** Milliseconds between two looks into the folder. */
export function pollMsOf({ id, settings }: System): number {
  const stated = settings['drop.poll_ms'] ?? '2000';
  if (!/^[1-9]\d{0,6}$/.test(stated))
    throw new Error(`setting "drop.poll_ms" of system "${id}": expected milliseconds`);
  return Number(stated);
}

function serverOf(system: System, secrets: Secrets): SftpServer {
  const { id, base_url, settings, limits } = system;
  const url = URL.canParse(base_url) ? new URL(base_url) : undefined;
  if (url === undefined || url.hostname === '' || url.username === '')
    throw new Error(`base_url of system "${id}": expected sftp://user@host:port`);
  if (url.password !== '')
    throw new Error(`base_url of system "${id}": a password is named by the setting "drop.password", never written`);
  const hostKey = settings['drop.host_key'] ?? '';
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(hostKey))
    throw new Error(
      `system "${id}" needs the setting "drop.host_key": the fingerprint of the server's key, as ssh-keygen -lf prints it (SHA256:…)`,
    );
  const secret = (name: string) => (settings[name] === undefined ? undefined : credential(system, name, secrets));
  const [privateKey, password, passphrase] = [
    secret('drop.private_key'),
    secret('drop.password'),
    secret('drop.passphrase'),
  ];
  if (privateKey === undefined && password === undefined)
    throw new Error(`system "${id}" needs the setting "drop.private_key" or "drop.password", for example env:NAME`);
  return {
    host: url.hostname,
    port: Number(url.port || SSH_PORT),
    user: decodeURIComponent(url.username),
    hostKey,
    timeoutMs: limits.timeout_s * 1000,
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function folderOf({ id, settings }: System, name: 'drop.in' | 'drop.out'): string {
  const folder = settings[name]?.replace(/\/+$/, '');
  if (folder === undefined || folder === '') throw new Error(`system "${id}" needs the setting "${name}"`);
  return folder;
}
