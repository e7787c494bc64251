import { randomUUID } from 'node:crypto';
import type { FileEntryWithStats, SFTPWrapper } from 'ssh2';
import { ConnectorError } from '../connectors/connector.ts';
import { archivedName, changedMeanwhile, type Drop, isUnfinished, markOf, meanwhileName, unreachable } from './drop.ts';
import type { SftpSession } from './sftp-session.ts';

/** Of the protocol (draft-ietf-secsh-filexfer-02, 7). */
const NO_SUCH_FILE = 2;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** Two folders at an SFTP server. */
export function openSftpDrop(session: SftpSession, { inbox, outbox }: { inbox: string; outbox: string }): Drop {
  const at = <T>(folder: string, act: (sftp: SFTPWrapper) => Promise<T>, bytes?: number): Promise<T> =>
    session.use(act, bytes).catch((error: unknown) => {
      if (error instanceof ConnectorError) throw error;
      const words = error instanceof Error ? error.message : String(error);
      throw unreachable('SFTP_FOLDER', `The folder ${folder} cannot be used: ${words}.`, error);
    });
  const statOf = (path: string) =>
    at(inbox, (sftp) => done<{ size: number; mtime: number }>((tell) => sftp.stat(path, tell)));
  return {
    list: ({ untouched = false } = {}) =>
      at(inbox, async (sftp) => {
        const entries = await read(sftp, inbox).catch(async (error: unknown) => {
          if (codeOf(error) !== NO_SUCH_FILE || untouched) throw error;
          await makeFolder(sftp, inbox);
          return [];
        });
        return new Map(
          entries
            .filter(({ filename, attrs }) => isFile(attrs.mode) && attrs.size > 0 && !isUnfinished(filename))
            .sort((a, b) => (a.filename < b.filename ? -1 : 1))
            .map(({ filename, attrs }) => [filename, markOf(attrs.size, attrs.mtime)]),
        );
      }),
    read: async (name) => {
      const path = `${inbox}/${name}`;
      const before = await statOf(path);
      const bytes = await at(inbox, (sftp) => done<Buffer>((tell) => sftp.readFile(path, tell)), before.size);
      const after = await statOf(path);
      if (bytes.length !== after.size || before.mtime !== after.mtime) throw changedMeanwhile(name);
      return bytes;
    },
    archive: (name, digest) =>
      at(inbox, async (sftp) => {
        const archive = `${inbox}/archive`;
        await makeFolder(sftp, archive);
        await rename(sftp, `${inbox}/${name}`, `${archive}/${archivedName(name, digest)}`);
      }),
    put: (name, bytes) => {
      const meanwhile = `${outbox}/${meanwhileName(name, randomUUID())}`;
      const leave = async (sftp: SFTPWrapper) => {
        await makeFolder(sftp, outbox);
        await done<void>((tell) => sftp.writeFile(meanwhile, Buffer.from(bytes), tell));
        // A server whose disk is full may have closed the file without a word.
        const { size } = await done<{ size: number }>((tell) => sftp.stat(meanwhile, tell));
        if (size !== bytes.length)
          throw unreachable('SFTP_INCOMPLETE', `Only ${size} of ${bytes.length} bytes of ${name} arrived.`);
        await rename(sftp, meanwhile, `${outbox}/${name}`);
      };
      return at(outbox, leave, bytes.length);
    },
    close: () => session.close(),
  };
}

const isFile = (mode: number | undefined): boolean => mode === undefined || (mode & S_IFMT) === S_IFREG;

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** A callback of the library as a promise. */
const done = <T>(act: (tell: (error: Error | null | undefined, value?: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    // The library gives a value wherever T is not void.
    act((error, value) => (error == null ? resolve(value as T) : reject(error)));
  });

const read = (sftp: SFTPWrapper, folder: string): Promise<FileEntryWithStats[]> =>
  done((tell) => sftp.readdir(folder, tell));

const exists = (sftp: SFTPWrapper, path: string): Promise<boolean> =>
  done((tell) => sftp.stat(path, tell)).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== NO_SUCH_FILE) throw error;
      return false;
    },
  );

/** Makes a folder and those above it, as far as they are missing. */
async function makeFolder(sftp: SFTPWrapper, folder: string): Promise<void> {
  if (await exists(sftp, folder)) return;
  const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  if (above !== '') await makeFolder(sftp, above);
  await done<void>((tell) => sftp.mkdir(folder, tell));
}

/**
 * Gives a file its name in one step. The protocol's rename refuses a name that is taken: then the other file is removed
 * first, and who looks in between sees neither, never a part.
 */
async function rename(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  try {
    await done<void>((tell) => sftp.rename(from, to, tell));
  } catch (error) {
    if (!(await exists(sftp, to))) throw error;
    await done<void>((tell) => sftp.unlink(to, tell));
    await done<void>((tell) => sftp.rename(from, to, tell));
  }
}
