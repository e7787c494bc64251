import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { streams } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { writeWhole } from '#sync-engine/files/folder-drop.ts';
import { setOf } from '#tests/fixtures/edi.ts';
import { startChild } from '../support/child.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { interchangeOfWarehouse } from '../support/x12-warehouse.ts';

const root = mkdtempSync(join(tmpdir(), 'x12-crash-'));
const children: ChildProcess[] = [];
let nats: TestNats;

beforeAll(async () => void (nats = await startNats()));
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await nats.close();
  rmSync(root, { recursive: true });
});

const start = (crash: string): ChildProcess => {
  const child = startChild('files', [nats.url, root, crash]);
  children.push(child);
  return child;
};
const killedAt = (point: string): Promise<string | null> =>
  new Promise((resolve) => start(point).once('exit', (_, signal) => resolve(signal)));

test('a process killed between INTAKE and archive doubles nothing: one message a set, one answer, one archived file', async () => {
  const sets = ['0001', '0002'].map((control) => setOf('945', `W06*F*R${control}*20261129*S${control}`, control));
  await writeWhole(join(root, 'in'), 'advice.x12', interchangeOfWarehouse(77, 'SW', sets));
  // Messages durable, nothing noted; then all noted and answered, the file not put away.
  expect(await killedAt('engine.file.taken')).toBe('SIGKILL');
  expect(await readdir(join(root, 'in'))).toContain('advice.x12');
  expect(await killedAt('engine.file.finished')).toBe('SIGKILL');
  expect(await readdir(join(root, 'in'))).toContain('advice.x12');
  start('');
  await vi.waitFor(async () => expect(await readdir(join(root, 'in'))).toEqual(['archive']), {
    timeout: 20_000,
    interval: 50,
  });

  expect(await readdir(join(root, 'in', 'archive'))).toEqual([expect.stringMatching(/-advice\.x12$/)]);
  const answers = await readdir(join(root, 'out'));
  expect(answers).toEqual(['997-000000001.x12']);
  expect(await readFile(join(root, 'out', answers[0] ?? ''), 'utf8')).toContain('AK1*SW*77~AK2*945*0001~');
  const nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  const info = await (await jetstreamManager(nc)).streams.info(streams.intake);
  expect(info.state.messages).toBe(2);
  await nc.close();
}, 60_000);
