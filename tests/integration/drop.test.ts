import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { system } from '#contracts/v1/estate.ts';
import type { Drop } from '#sync-engine/files/drop.ts';
import { openDrop } from '#sync-engine/files/open-drop.ts';
import { startSftpServer, type TestSftpServer } from '../support/sftp-server.ts';

const root = mkdtempSync(join(tmpdir(), 'drop-'));
let server: TestSftpServer;
let next = 0;

beforeAll(async () => void (server = await startSftpServer(root)));
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const secrets = (name: string): string =>
  ({ 'env:KEY': server.clientKey, 'env:PASSWORD': server.password, 'env:WRONG': 'guessed' })[name] ?? name;

function sftpSystem(folder: string, settings: Record<string, string> = {}) {
  return system.parse({
    id: 'pier',
    name: 'Pier',
    role: 'wms',
    kind: 'x12-3pl',
    base_url: `sftp://syncline@127.0.0.1:${server.port}`,
    settings: {
      'drop.in': `/${folder}/in`,
      'drop.out': `/${folder}/out`,
      'drop.host_key': server.fingerprint,
      'drop.private_key': 'env:KEY',
      ...settings,
    },
    limits: { timeout_s: 5 },
  });
}
const folderSystem = (folder: string) =>
  system.parse({
    id: 'pier',
    name: 'Pier',
    role: 'wms',
    kind: 'x12-3pl',
    base_url: 'file:drop',
    settings: { 'drop.in': join(root, folder, 'in'), 'drop.out': join(root, folder, 'out') },
  });

describe.each([
  ['two folders', (folder: string) => openDrop(folderSystem(folder), secrets)],
  ['two folders at an SFTP server', (folder: string) => openDrop(sftpSystem(folder), secrets)],
])('%s', (_, open) => {
  let folder: string;
  let drop: Drop;
  const theirs = (...names: string[]) => join(root, folder, 'in', ...names);
  const ours = (...names: string[]) => join(root, folder, 'out', ...names);
  const marks = async () => Object.fromEntries(await drop.list());

  beforeEach(() => {
    folder = `exchange-${++next}`;
    drop = open(folder);
    return () => drop.close();
  });

  test('a folder that is missing is made, and has no files', async () => {
    expect(await marks()).toEqual({});
    expect(await readdir(theirs())).toEqual([]);
  });

  test('files are listed by name, without those that are hidden, unfinished, empty, or no files', async () => {
    await drop.list();
    for (const name of ['b.x12', 'a.x12', '.c.x12', 'd.tmp', 'e.part', 'f.FILEPART'])
      await writeFile(theirs(name), 'ISA');
    await writeFile(theirs('empty.x12'), '');
    await mkdir(theirs('folder.x12'));
    expect([...(await drop.list()).keys()]).toEqual(['a.x12', 'b.x12']);
  });

  test('the mark of a file changes while it grows, and when it is written anew', async () => {
    await drop.list();
    await writeFile(theirs('a.x12'), 'ISA*00');
    const first = await marks();
    expect(await marks()).toEqual(first);
    await appendFile(theirs('a.x12'), '*more');
    const second = await marks();
    expect(second).not.toEqual(first);
    await utimes(theirs('a.x12'), new Date(0), new Date(60_000));
    expect(await marks()).not.toEqual(second);
  });

  test('a file is read byte for byte, however long', async () => {
    await drop.list();
    const bytes = Buffer.from(Array.from({ length: 400_000 }, (__, i) => i % 256));
    await writeFile(theirs('long.x12'), bytes);
    expect(Buffer.from(await drop.read('long.x12')).equals(bytes)).toBe(true);
  });

  test('a file that is not there cannot be read, and that may change', async () => {
    await drop.list();
    await expect(drop.read('gone.x12')).rejects.toMatchObject({
      detail: { errorClass: 'unavailable', retryable: true },
    });
  });

  test('files put away keep their content, those of the same name apart', async () => {
    await drop.list();
    for (const [text, digest] of [
      ['one', 'aaaaaaaaaaaaaaaa'],
      ['two', 'bbbbbbbbbbbbbbbb'],
      ['two', 'bbbbbbbbbbbbbbbb'],
    ] as const) {
      await writeFile(theirs('a.x12'), text);
      await drop.archive('a.x12', digest);
    }
    expect(await marks()).toEqual({});
    expect((await readdir(theirs('archive'))).sort()).toEqual(['aaaaaaaaaaaa-a.x12', 'bbbbbbbbbbbb-a.x12']);
    expect(await readFile(theirs('archive', 'bbbbbbbbbbbb-a.x12'), 'utf8')).toBe('two');
  });

  test('what is left for them is whole under its name, replaces one of that name, and nothing else stays behind', async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (__, i) => (i * 7) % 256));
    await drop.put('940-1.x12', Buffer.from('first'));
    await drop.put('940-1.x12', bytes);
    expect(await readdir(ours())).toEqual(['940-1.x12']);
    expect((await readFile(ours('940-1.x12'))).equals(bytes)).toBe(true);
  });

  test('nobody who looks for finished files ever sees a part of one', async () => {
    const bytes = Buffer.alloc(2_000_000, 'x');
    await drop.put('first.x12', Buffer.from('x'));
    let putting = true;
    const put = drop.put('big.x12', bytes).finally(() => (putting = false));
    put.catch(() => undefined);
    const seen = new Set<number>();
    while (putting) {
      for (const name of await readdir(ours())) if (name === 'big.x12') seen.add((await readFile(ours(name))).length);
      await new Promise(setImmediate);
    }
    await put;
    expect([...seen].every((length) => length === bytes.length)).toBe(true);
    expect((await readFile(ours('big.x12'))).length).toBe(bytes.length);
  });

  test('after it was closed it can be used again', async () => {
    await drop.put('a.x12', Buffer.from('a'));
    await drop.close();
    await drop.put('b.x12', Buffer.from('b'));
    expect((await readdir(ours())).sort()).toEqual(['a.x12', 'b.x12']);
  });
});

describe('an SFTP server', () => {
  const failure = (settings: Record<string, string>) => openDrop(sftpSystem('x', settings), secrets).list();

  test('lets us in by password too', async () => {
    const base = sftpSystem('by-password', { 'drop.password': 'env:PASSWORD' });
    const { 'drop.private_key': _, ...settings } = base.settings;
    const drop = openDrop({ ...base, settings }, secrets);
    expect(await drop.list()).toEqual(new Map());
    await drop.close();
  });

  test('with another host key than the pinned one is told nothing, not even a sign-in', async () => {
    const before = server.attempts.length;
    await expect(failure({ 'drop.host_key': `SHA256:${'A'.repeat(43)}` })).rejects.toMatchObject({
      detail: {
        code: 'SFTP_HOST_KEY',
        errorClass: 'unavailable',
        message: expect.stringContaining(server.fingerprint) as string,
      },
    });
    expect(server.attempts).toHaveLength(before);
  });

  test('that refuses the credentials is told of by name, without them', async () => {
    const base = sftpSystem('refused', { 'drop.password': 'env:WRONG' });
    const { 'drop.private_key': _, ...settings } = base.settings;
    const refused = await openDrop({ ...base, settings }, secrets)
      .list()
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ detail: { code: 'SFTP_AUTH', errorClass: 'unavailable' } });
    expect(String(refused)).not.toContain('guessed');
  });

  test('that is away fails at once between tries, and is found again', async () => {
    const drop = openDrop(sftpSystem('away'), secrets);
    await drop.put('a.x12', Buffer.from('a'));
    await server.stop();
    await expect
      .poll(() => drop.list().catch((error: { detail: { code: string } }) => error.detail.code))
      .toBe('SFTP_PAUSED');
    await server.resume();
    await expect.poll(() => drop.list().catch(() => 'still away'), { timeout: 20_000 }).toEqual(new Map());
    await drop.close();
  });
});

test.each([
  ['no host key', { 'drop.host_key': '' }, 'drop.host_key'],
  ['no credentials', { 'drop.private_key': undefined }, 'drop.private_key'],
  ['no folder', { 'drop.in': '' }, 'drop.in'],
])('a system over SFTP with %s does not start', (_, settings, named) => {
  const base = sftpSystem('x');
  const merged = Object.fromEntries(
    Object.entries({ ...base.settings, ...settings }).filter(([, value]) => value !== undefined),
  );
  expect(() => openDrop({ ...base, settings: merged as Record<string, string> }, secrets)).toThrow(named);
});
