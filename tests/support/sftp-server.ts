import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Stats } from 'node:fs';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

export interface TestSftpServer {
  port: number;
  /** Of its host key, as ssh-keygen prints it. */
  fingerprint: string;
  /** Private key of the user "syncline". */
  clientKey: string;
  password: string;
  /** Sign-ins tried, by method. */
  attempts: string[];
  readonly connections: number;
  /** Breaks every connection and takes no more until `resume`. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

const { utils } = ssh2;
const { STATUS_CODE } = utils.sftp;

/** A real SSH server on this machine whose SFTP subsystem is a folder. */
export async function startSftpServer(root: string): Promise<TestSftpServer> {
  const host = utils.generateKeyPairSync('ed25519');
  const client = utils.generateKeyPairSync('ed25519');
  const allowed = utils.parseKey(client.public);
  const hostKey = utils.parseKey(host.private);
  if (allowed instanceof Error || hostKey instanceof Error) throw new Error('the keys cannot be read');
  const password = 'open sesame';
  const attempts: string[] = [];
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => undefined);
    // Answers are small; the types do not know of it.
    (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
    connection.on('authentication', (context) => {
      if (context.method !== 'none') attempts.push(context.method);
      const right =
        context.username === 'syncline' &&
        ((context.method === 'password' && context.password === password) ||
          (context.method === 'publickey' &&
            context.key.data.equals(allowed.getPublicSSH()) &&
            (context.signature === undefined ||
              allowed.verify(context.blob ?? Buffer.of(), context.signature) === true)));
      if (right) context.accept();
      else context.reject(['password', 'publickey']);
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serve(acceptSftp(), root));
    });
  });
  const listen = (at: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const connection of connections) connection.end();
    });
  const listening = await listen(0);
  const digest = createHash('sha256').update(hostKey.getPublicSSH()).digest('base64');
  return {
    port: listening,
    fingerprint: `SHA256:${digest.replace(/=+$/, '')}`,
    clientKey: client.private,
    password,
    attempts,
    get connections() {
      return connections.size;
    },
    stop,
    resume: async () => void (await listen(listening)),
    close: stop,
  };
}

function serve(sftp: SFTPWrapper, root: string): void {
  const files = new Map<string, FileHandle>();
  const folders = new Map<string, string[]>();
  const paths = new Map<string, string>();
  let next = 0;
  const at = (path: string) => join(root, normalize(`/${path}`));
  const handleOf = (): string => String(++next);
  const answer = (id: number, act: () => Promise<unknown>) =>
    void act().catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') sftp.status(id, STATUS_CODE.EOF);
      else sftp.status(id, code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE);
    });
  const ok = (id: number) => sftp.status(id, STATUS_CODE.OK);
  const fileOf = (handle: Buffer): FileHandle => {
    const file = files.get(handle.toString());
    if (file === undefined) throw new Error('no such handle');
    return file;
  };
  const end = () => Object.assign(new Error('end'), { code: 'EOF' });

  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      const file = await open(at(path), utils.sftp.flagsToString(flags) ?? 'r');
      const handle = handleOf();
      files.set(handle, file);
      sftp.handle(id, Buffer.from(handle));
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const { bytesRead, buffer } = await fileOf(handle).read(Buffer.alloc(length), 0, length, offset);
      if (bytesRead === 0) throw end();
      sftp.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    answer(id, async () => {
      await fileOf(handle).write(data, 0, data.length, offset);
      ok(id);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      await files.get(handle.toString())?.close();
      files.delete(handle.toString());
      ok(id);
    }),
  );
  const tell = (id: number, path: string) => answer(id, async () => sftp.attrs(id, attrsOf(await stat(path))));
  sftp.on('STAT', (id, path) => tell(id, at(path)));
  sftp.on('LSTAT', (id, path) => tell(id, at(path)));
  sftp.on('FSTAT', (id, handle) => answer(id, async () => sftp.attrs(id, attrsOf(await fileOf(handle).stat()))));
  sftp.on('SETSTAT', (id) => ok(id));
  sftp.on('FSETSTAT', (id) => ok(id));
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      const handle = handleOf();
      folders.set(handle, await readdir(at(path)));
      paths.set(handle, at(path));
      sftp.handle(id, Buffer.from(handle));
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const names = folders.get(handle.toString()) ?? [];
      if (names.length === 0) throw end();
      folders.set(handle.toString(), []);
      const folder = paths.get(handle.toString()) ?? root;
      const entries = await Promise.all(names.map(async (name) => ({ name, stats: await stat(join(folder, name)) })));
      sftp.name(
        id,
        entries.map(({ name, stats }) => ({ filename: name, longname: name, attrs: attrsOf(stats) })),
      );
    }),
  );
  sftp.on('MKDIR', (id, path) => answer(id, async () => void (await mkdir(at(path)), ok(id))));
  sftp.on('REMOVE', (id, path) => answer(id, async () => void (await rm(at(path)), ok(id))));
  sftp.on('REALPATH', (id, path) =>
    sftp.name(id, [{ filename: normalize(`/${path}`), longname: path, attrs: attrsOf() }]),
  );
  sftp.on('RENAME', (id, from, to) =>
    answer(id, async () => {
      // As version 3 of the protocol has it: a name that is taken is refused.
      const taken = await stat(at(to)).then(
        () => true,
        () => false,
      );
      if (taken) throw new Error('taken');
      await rename(at(from), at(to));
      ok(id);
    }),
  );
}

const attrsOf = (stats?: Stats) => ({
  mode: stats?.mode ?? 0o040755,
  uid: 0,
  gid: 0,
  size: stats?.size ?? 0,
  atime: Math.floor((stats?.atimeMs ?? 0) / 1000),
  mtime: Math.floor((stats?.mtimeMs ?? 0) / 1000),
});
