import { z } from 'zod';
import { commandRequests } from '#contracts/v1/commands.ts';
import { repairId } from '#contracts/v1/repair.ts';
import { shadowRun, type ShadowRun } from '#contracts/v1/shadow.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { maskText } from '#app/payloads/mask.ts';
import { operation, pageOf, paging } from './operation.ts';
import { readAll, readOne } from './repair-stream.ts';
import { command, done } from './reply.ts';

const id = { description: 'Id of a trial', schema: repairId };

const masked = (run: ShadowRun): ShadowRun => ({
  ...run,
  differences: run.differences.map((one) => ({ ...one, before: maskText(one.before), after: maskText(one.after) })),
});

const listShadowRuns = operation({
  method: 'GET',
  path: '/api/v1/shadow-runs',
  tag: 'Shadow trials',
  summary: 'Trials of changes on real payloads, the newest first',
  scope: 'payloads.read',
  query: paging,
  answer: {
    name: 'ShadowList',
    schema: z.object({ shadow_runs: z.array(shadowRun), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async ({ services, query }) => {
    const { page, per_page, offset } = pageOf(query);
    const runs = (await readAll(services, subjects.allShadowRuns, shadowRun)).sort((a, b) =>
      b.created_at.localeCompare(a.created_at),
    );
    return { shadow_runs: runs.slice(offset, offset + per_page).map(masked), total: runs.length, page, per_page };
  },
});

const showShadowRun = operation({
  method: 'GET',
  path: '/api/v1/shadow-runs/:id',
  tag: 'Shadow trials',
  summary: 'One trial: what would differ',
  scope: 'payloads.read',
  id,
  answer: { name: 'ShadowRun', schema: shadowRun },
  handle: async (call) =>
    masked(await readOne(call.services, subjects.shadowRun(call.id), shadowRun, `shadow trial ${call.id}`)),
});

const { actor: _actor, ...shape } = commandRequests['shadow.run'].shape;

const runShadow = operation({
  method: 'POST',
  path: '/api/v1/shadow-runs',
  tag: 'Shadow trials',
  summary: 'Try a change on the last real payloads, without effects',
  scope: 'rules.write',
  body: { name: 'ShadowTry', schema: z.strictObject(shape) },
  answer: done,
  handle: (call) => command(call, 'shadow.run', { ...call.body, actor: call.actor }),
});

const abortShadow = operation({
  method: 'POST',
  path: '/api/v1/shadow-runs/:id/abort',
  tag: 'Shadow trials',
  summary: 'End a trial early',
  scope: 'rules.write',
  id,
  body: { name: 'Nothing', schema: z.strictObject({}) },
  answer: done,
  handle: (call) => command(call, 'shadow.abort', { actor: call.actor, shadow_id: call.id }),
});

export const shadowOperations = [listShadowRuns, showShadowRun, runShadow, abortShadow];
