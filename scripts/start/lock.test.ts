import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataDir } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'syncline-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a data directory', () => {
  test('has one owner, whom the next one is told', () => {
    const unlock = lockDataDir(folder, 'http://127.0.0.1:4600');
    expect(() => lockDataDir(folder, 'http://127.0.0.1:5600')).toThrow(
      `in use by process ${process.pid} (console http://127.0.0.1:4600)`,
    );
    unlock();
    lockDataDir(folder, 'http://127.0.0.1:5600')();
  });

  test.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, born: '1', console: 'x' })],
    ['another process under an id used again', JSON.stringify({ pid: process.pid, born: 'long ago', console: 'x' })],
    ['a write that was cut off', '{"pid":'],
  ])('is taken over from %s', (_, left) => {
    writeFileSync(join(folder, 'lock'), left);
    const unlock = lockDataDir(folder, 'http://127.0.0.1:4600');
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });
});
