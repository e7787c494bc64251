import { z } from 'zod';
import { commandRequests } from '#contracts/v1/commands.ts';
import { slug } from '#contracts/v1/primitives.ts';
import { reconciliationBreak, reconciliationId, reconciliationRun } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { operation, pageOf, paging } from './operation.ts';
import { readAll, readOne } from './repair-stream.ts';
import { command, done } from './reply.ts';

const kept = streams.reconciliation;
const runId = { description: 'Id of a run', schema: reconciliationId };
const breakId = { description: 'Id of a break', schema: reconciliationId };

const listRuns = operation({
  method: 'GET',
  path: '/api/v1/reconciliation-runs',
  tag: 'Reconciliation',
  summary: 'Comparisons, the newest first',
  scope: 'figures.read',
  query: paging,
  answer: {
    name: 'ReconciliationRuns',
    schema: z.object({ runs: z.array(reconciliationRun), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async ({ services, query }) => {
    const { page, per_page, offset } = pageOf(query);
    const runs = (await readAll(services, subjects.allReconciliationRuns, reconciliationRun, kept)).sort((a, b) =>
      b.requested_at.localeCompare(a.requested_at),
    );
    return { runs: runs.slice(offset, offset + per_page), total: runs.length, page, per_page };
  },
});

const showRun = operation({
  method: 'GET',
  path: '/api/v1/reconciliation-runs/:id',
  tag: 'Reconciliation',
  summary: 'One comparison: what it held against whom',
  scope: 'figures.read',
  id: runId,
  answer: { name: 'ReconciliationRun', schema: reconciliationRun },
  handle: (call) =>
    readOne(call.services, subjects.reconciliationRun(call.id), reconciliationRun, `run ${call.id}`, kept),
});

const runNow = operation({
  method: 'POST',
  path: '/api/v1/reconciliation-runs',
  tag: 'Reconciliation',
  summary: 'Compare now, beside the schedule',
  scope: 'reconciliation.run',
  body: { name: 'ReconciliationStart', schema: z.strictObject({ plan: slug }) },
  answer: done,
  handle: (call) => command(call, 'reconciliation.run', { ...call.body, actor: call.actor }),
});

const listBreaks = operation({
  method: 'GET',
  path: '/api/v1/reconciliation-breaks',
  tag: 'Reconciliation',
  summary: 'Breaks, those seen last first; open ones unless another state is asked for',
  scope: 'figures.read',
  query: {
    ...paging,
    status: { description: 'open, healed or closed', schema: reconciliationBreak.shape.status },
    domain: { description: 'operational, accounting or orders', schema: reconciliationBreak.shape.domain },
  },
  answer: {
    name: 'ReconciliationBreaks',
    schema: z.object({ breaks: z.array(reconciliationBreak), total: z.int(), page: z.int(), per_page: z.int() }),
  },
  handle: async ({ services, query }) => {
    const { page, per_page, offset } = pageOf(query);
    const status = query.status ?? 'open';
    const breaks = (await readAll(services, subjects.allReconciliationBreaks, reconciliationBreak, kept))
      .filter((one) => one.status === status && (query.domain ?? one.domain) === one.domain)
      .sort((a, b) => b.last_seen_at.localeCompare(a.last_seen_at));
    return { breaks: breaks.slice(offset, offset + per_page), total: breaks.length, page, per_page };
  },
});

const showBreak = operation({
  method: 'GET',
  path: '/api/v1/reconciliation-breaks/:id',
  tag: 'Reconciliation',
  summary: 'One break as it stands, with what each side says',
  scope: 'figures.read',
  id: breakId,
  answer: { name: 'ReconciliationBreak', schema: reconciliationBreak },
  handle: (call) =>
    readOne(call.services, subjects.reconciliationBreak(call.id), reconciliationBreak, `break ${call.id}`, kept),
});

const { actor: _assigner, break_id: _assigned, ...assignShape } = commandRequests['break.assign'].shape;
const { actor: _commenter, break_id: _commented, ...commentShape } = commandRequests['break.comment'].shape;
const { actor: _closer, break_id: _closed, ...closeShape } = commandRequests['break.close'].shape;

const assignBreak = operation({
  method: 'POST',
  path: '/api/v1/reconciliation-breaks/:id/assign',
  tag: 'Reconciliation',
  summary: 'Give a break an owner, or none',
  scope: 'breaks.work',
  id: breakId,
  body: { name: 'BreakAssign', schema: z.strictObject(assignShape) },
  answer: done,
  handle: (call) => command(call, 'break.assign', { ...call.body, break_id: call.id, actor: call.actor }),
});

const commentBreak = operation({
  method: 'POST',
  path: '/api/v1/reconciliation-breaks/:id/comment',
  tag: 'Reconciliation',
  summary: 'Comment on a break',
  scope: 'breaks.work',
  id: breakId,
  body: { name: 'BreakComment', schema: z.strictObject(commentShape) },
  answer: done,
  handle: (call) => command(call, 'break.comment', { ...call.body, break_id: call.id, actor: call.actor }),
});

const { actor: _fetcher, break_id: _fetched, ...fetchShape } = commandRequests['break.fetch'].shape;

const fetchOrder = operation({
  method: 'POST',
  path: '/api/v1/reconciliation-breaks/:id/fetch',
  tag: 'Reconciliation',
  summary: 'Fetch an order that never arrived and send it through',
  scope: 'cases.replay',
  id: breakId,
  body: { name: 'BreakFetch', schema: z.strictObject(fetchShape) },
  answer: done,
  handle: (call) => command(call, 'break.fetch', { ...call.body, break_id: call.id, actor: call.actor }),
});

const closeBreak = operation({
  method: 'POST',
  path: '/api/v1/reconciliation-breaks/:id/close',
  tag: 'Reconciliation',
  summary: 'Close a break with its evidence',
  description: 'An accounting break takes the scope `breaks.settle` as well.',
  scope: 'breaks.work',
  id: breakId,
  body: { name: 'BreakClose', schema: z.strictObject(closeShape) },
  answer: done,
  handle: (call) => command(call, 'break.close', { ...call.body, break_id: call.id, actor: call.actor }),
});

export const reconciliationOperations = [
  ...[listRuns, showRun, runNow],
  ...[listBreaks, showBreak, assignBreak, commentBreak, closeBreak, fetchOrder],
];
