import { expect, test, vi } from 'vitest';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { RepairRun } from '#contracts/v1/repair.ts';
import { silentLog } from '#platform/log.ts';
import { endedRuns, forgetItems, forgetOld } from './forget.ts';

const run = (run_id: string, updated_at: string, more: Partial<RepairRun> = {}): RepairRun =>
  ({ run_id, updated_at, status: 'done', counts: {}, ...more }) as RepairRun;

test('only runs that ended long ago are forgotten, each once', async () => {
  const purge = vi.fn(() => Promise.resolve({ success: true, purged: 1 }));
  const manager = { streams: { purge } } as unknown as JetStreamManager;
  const stopping = new AbortController();
  const runs = function* () {
    yield run('old', '2026-01-01T00:00:00.000Z');
    yield run('new', '2026-02-25T00:00:00.000Z');
    yield run('paused', '2026-01-01T00:00:00.000Z', { status: 'paused' });
    yield run('going', '2026-01-01T00:00:00.000Z', { status: 'replaying', counts: { replaying: 1 } });
    stopping.abort();
  };
  await forgetOld(
    stopping.signal,
    () => endedRuns(runs()),
    (id) => forgetItems(manager, id),
    { log: silentLog, now: () => new Date('2026-03-01T00:00:00.000Z'), retentionDays: 30 },
  );
  expect(purge.mock.calls).toEqual([
    ['REPAIRS', { filter: 'repairs.item.old.>' }],
    ['REPAIRS', { filter: 'repairs.run.old', keep: 1 }],
  ]);
});
