import type fs from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LockHeld, lockFile } from './file-lock.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  linkSync: () => {
    throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
  },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock in a file system without hard links', () => {
  test('has one owner, and is nowhere once it is released', () => {
    const file = join(folder, 'lock');
    const release = lockFile(file);
    expect(() => lockFile(file)).toThrow(LockHeld);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is taken over where it was left', () => {
    const file = join(folder, 'lock');
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, born: '1' }));
    const release = lockFile(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
