import { z } from 'zod';
import { commandRequests } from '#contracts/v1/commands.ts';
import { repairId, repairItem, repairOutcome, repairRun, repairRunStatus } from '#contracts/v1/repair.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import type { AppServices } from '#app/server/context.ts';
import { maskText } from '#app/payloads/mask.ts';
import { operation, pageOf, paging } from './operation.ts';
import { readAll, readOne } from './repair-stream.ts';
import { command, done } from './reply.ts';

const id = { description: 'Id of a repair run', schema: repairId };
const asked = commandRequests['repair.try'].shape;

const tryRepair = operation({
  method: 'POST',
  path: '/api/v1/repairs',
  tag: 'Repairs',
  summary: 'Try a repair on many cases, without effects',
  description: 'Freezes the open cases of a cause, or those that are listed; either is named, not both.',
  scope: 'cases.replay',
  body: {
    name: 'RepairTry',
    schema: z.strictObject({
      fingerprint: asked.fingerprint,
      cases: asked.cases,
      repair: asked.repair,
      reason: asked.reason,
    }),
  },
  answer: done,
  handle: (call) => {
    const { fingerprint, cases, ...rest } = call.body;
    return command(call, 'repair.try', {
      ...rest,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(cases === undefined ? {} : { cases }),
      actor: call.actor,
    });
  },
});

const listRepairs = operation({
  method: 'GET',
  path: '/api/v1/repairs',
  tag: 'Repairs',
  summary: 'Repair runs, the newest first',
  scope: 'cases.read',
  query: { status: { description: 'Status', schema: repairRunStatus, list: true }, ...paging },
  answer: {
    name: 'RepairList',
    schema: z.object({ repairs: z.array(repairRun), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async ({ services, query }) => {
    const { page, per_page, offset } = pageOf(query);
    const runs = (await readAll(services, subjects.allRepairRuns, repairRun))
      .filter(({ status }) => query.status.length === 0 || query.status.includes(status))
      .sort((a, b) => b.created_at.localeCompare(a.created_at));
    return { repairs: runs.slice(offset, offset + per_page), total: runs.length, page, per_page };
  },
});

const showRepair = operation({
  method: 'GET',
  path: '/api/v1/repairs/:id',
  tag: 'Repairs',
  summary: 'One repair run',
  scope: 'cases.read',
  id,
  answer: { name: 'RepairRun', schema: repairRun },
  handle: (call) => readOne(call.services, subjects.repairRun(call.id), repairRun, `repair run ${call.id}`),
});

const listedItem = repairItem.omit({ v: true, event_id: true, run_id: true });

/** Every item of a run as it stands, in the order of its list. @throws Refused 404 */
async function itemsOf(services: AppServices, run: string) {
  await readOne(services, subjects.repairRun(run), repairRun, `repair run ${run}`);
  const items = await readAll(services, subjects.repairItems(run), repairItem);
  return items
    .sort((a, b) => a.position - b.position || a.case_id.localeCompare(b.case_id))
    .map(({ v: _v, event_id: _event, run_id: _run, ...item }) => ({ ...item, message: maskText(item.message) }));
}

const repairItems = operation({
  method: 'GET',
  path: '/api/v1/repairs/:id/items',
  tag: 'Repairs',
  summary: 'What became of each case',
  scope: 'cases.read',
  id,
  query: { outcome: { description: 'Outcome', schema: repairOutcome, list: true }, ...paging },
  answer: {
    name: 'RepairItems',
    schema: z.object({ items: z.array(listedItem), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async (call) => {
    const { page, per_page, offset } = pageOf(call.query);
    const { outcome } = call.query;
    const items = (await itemsOf(call.services, call.id)).filter(
      (item) => outcome.length === 0 || outcome.includes(item.outcome),
    );
    return { items: items.slice(offset, offset + per_page), total: items.length, page, per_page };
  },
});

const columns = ['case_id', 'business_key', 'outcome', 'message', 'amount', 'currency', 'at'] as const;

const repairReport = operation({
  method: 'GET',
  path: '/api/v1/repairs/:id/items.csv',
  tag: 'Repairs',
  summary: 'What became of each case, as a file',
  scope: 'cases.read',
  id,
  answer: 'text/csv',
  handle: async (call) => [
    [...columns],
    ...(await itemsOf(call.services, call.id)).map((item) => columns.map((column) => item[column])),
  ],
});

const { rate_per_s } = commandRequests['repair.start'].shape;
const nothing = z.strictObject({});

const startRepair = operation({
  method: 'POST',
  path: '/api/v1/repairs/:id/start',
  tag: 'Repairs',
  summary: 'Replay what the trial would cure, in waves',
  scope: 'cases.replay',
  id,
  body: { name: 'RepairStart', schema: z.strictObject({ rate_per_s }) },
  answer: done,
  handle: (call) => command(call, 'repair.start', { ...call.body, actor: call.actor, run_id: call.id }),
});

const pauseRepair = operation({
  method: 'POST',
  path: '/api/v1/repairs/:id/pause',
  tag: 'Repairs',
  summary: 'Begin no more replays for now',
  scope: 'cases.replay',
  id,
  body: { name: 'RepairPause', schema: z.strictObject({ reason: commandRequests['repair.pause'].shape.reason }) },
  answer: done,
  handle: (call) => command(call, 'repair.pause', { ...call.body, actor: call.actor, run_id: call.id }),
});

const resumeRepair = operation({
  method: 'POST',
  path: '/api/v1/repairs/:id/resume',
  tag: 'Repairs',
  summary: 'Go on',
  scope: 'cases.replay',
  id,
  body: { name: 'Nothing', schema: nothing },
  answer: done,
  handle: (call) => command(call, 'repair.resume', { actor: call.actor, run_id: call.id }),
});

const abortRepair = operation({
  method: 'POST',
  path: '/api/v1/repairs/:id/abort',
  tag: 'Repairs',
  summary: 'Leave the rest out for good',
  scope: 'cases.replay',
  id,
  body: { name: 'RepairAbort', schema: z.strictObject({ reason: commandRequests['repair.abort'].shape.reason }) },
  answer: done,
  handle: (call) => command(call, 'repair.abort', { ...call.body, actor: call.actor, run_id: call.id }),
});

export const repairOperations = [
  ...[listRepairs, tryRepair, showRepair, repairReport, repairItems],
  ...[startRepair, pauseRepair, resumeRepair, abortRepair],
];
