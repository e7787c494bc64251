import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../support/child.ts';

const STARTERS = 4;
const ROUNDS = 100;
const folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
const file = join(folder, 'lock');
let starters: ChildProcess[];
const said = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'message')) as unknown[])[0];

beforeAll(async () => {
  starters = Array.from({ length: STARTERS }, () => startChild('lock', [file]));
  await Promise.all(starters.map(said));
}, 60_000);
afterAll(async () => {
  await Promise.all(
    starters.map(async (child) => {
      child.disconnect();
      await once(child, 'exit');
    }),
  );
  rmSync(folder, { recursive: true });
});

test('a lock that was left is taken over by one of all that start at once, and nothing stays of it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, born: String(round) }));
    const answers = starters.map(said);
    for (const child of starters) child.send('claim');
    const told = await Promise.all(answers);
    expect(told.filter((answer) => answer === 'has it')).toHaveLength(1);
    const winner = starters[told.indexOf('has it')];
    if (winner === undefined) throw new Error('nobody has it');
    const gone = said(winner);
    winner.send('release');
    await gone;
    expect(readdirSync(folder)).toEqual([]);
  }
}, 60_000);
