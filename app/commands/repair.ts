import { z } from 'zod';
import { caseId, type CommandReply } from '#contracts/v1/commands.ts';
import { fingerprint } from '#contracts/v1/cause.ts';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { patchOperation, type Repair, repairId } from '#contracts/v1/repair.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';

/** What became of an action on a run, to be said beside it. */
export interface RepairResult {
  ok: boolean;
  message: string;
  /** The run it was about, or made. */
  run: string;
}

const parsedJson = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const tryForm = z.object({
  kind: z.enum(['patch', 'mapping', 'none']),
  cause: z.union([z.literal(''), fingerprint]).default(''),
  cases: parsedJson.pipe(z.array(caseId).max(5_000)).optional(),
  operations: parsedJson.pipe(z.array(patchOperation).max(50)).optional(),
  mapping_kind: mappingKind.optional(),
  system: z.string().max(64).default(''),
  code: z.string().trim().max(200).default(''),
  target: z.string().trim().max(200).default(''),
  reason: z.string().trim().max(1000).default(''),
});

const actorOf = (viewer: Viewer) => ({ id: viewer.email, roles: [...viewer.roles] });
const refuse = (message: string, run = ''): RepairResult => ({ ok: false, message, run });

/** Begins the trial that the form asks for, on behalf of the viewer, whose permission has been checked. */
export async function tryRepair(
  context: Pick<AppContext, 'command' | 'estate'>,
  viewer: Viewer,
  data: FormData,
): Promise<RepairResult> {
  const form = tryForm.safeParse(Object.fromEntries([...data].filter(([, value]) => value !== '')));
  if (!form.success) {
    const [issue] = form.error.issues;
    return refuse(`The form was not understood at ${issue?.path.join('/') || 'its beginning'}: ${issue?.message}.`);
  }
  const { cause, cases, reason } = form.data;
  if (cause === '' && (cases?.length ?? 0) === 0) return refuse('Select some cases, or open a cause, first.');
  if (reason === '') return refuse('Give a reason: it stays with each case.');
  const repair = repairOf(form.data);
  if ('problem' in repair) return refuse(repair.problem);
  const which = cause === '' ? { cases: cases ?? [] } : { fingerprint: cause };
  const reply = await context.command('repair.try', { actor: actorOf(viewer), ...which, repair, reason });
  return { ok: reply.ok, message: messageOf(reply, context.estate), run: runOf(reply) };
}

function repairOf(form: z.output<typeof tryForm>): Repair | { problem: string } {
  switch (form.kind) {
    case 'none':
      return { kind: 'none' };
    case 'patch': {
      const operations = form.operations ?? [];
      return operations.length === 0
        ? { problem: 'Say what is to be changed in the payloads.' }
        : { kind: 'patch', operations };
    }
    case 'mapping': {
      const { mapping_kind: kind, system, code, target } = form;
      if (kind === undefined || system === '' || code === '' || target === '')
        return { problem: 'A mapping needs a system, a code and what the code means there.' };
      return { kind: 'mapping', mapping: { kind, system, code, target } };
    }
  }
}

const runOf = (reply: CommandReply): string => (reply.ok ? (reply.run?.run_id ?? '') : '');

const controlForm = z.object({
  intent: z.enum(['start', 'pause', 'resume', 'abort']),
  rate: z.coerce.number().min(0.1).max(200).optional(),
  reason: z.string().trim().max(1000).default(''),
});

/** Starts, pauses, resumes or aborts a run. */
export async function controlRepair(
  context: Pick<AppContext, 'command' | 'estate'>,
  viewer: Viewer,
  id: string,
  data: FormData,
): Promise<RepairResult> {
  const form = controlForm.safeParse(Object.fromEntries([...data].filter(([, value]) => value !== '')));
  const run_id = repairId.safeParse(id);
  if (!form.success || !run_id.success)
    return refuse('The form was not understood. Reload the page and try again.', id);
  const { intent, rate, reason } = form.data;
  const run = { actor: actorOf(viewer), run_id: run_id.data };
  if (intent === 'abort' && reason === '') return refuse('Give a reason: it stays with the run.', id);
  const reply = await (intent === 'start'
    ? context.command('repair.start', { ...run, ...(rate === undefined ? {} : { rate_per_s: rate }) })
    : intent === 'pause'
      ? context.command('repair.pause', { ...run, reason })
      : intent === 'resume'
        ? context.command('repair.resume', run)
        : context.command('repair.abort', { ...run, reason }));
  return { ok: reply.ok, message: messageOf(reply, context.estate), run: id };
}
