import type { NatsConnection } from '@nats-io/nats-core';
import { Svcm } from '@nats-io/services';
import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandReply,
  commandRequests,
} from '#contracts/v1/commands.ts';
import { RULES_SWITCH } from '#contracts/v1/repair-rule.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import type { z } from 'zod';
import type { Act, Audit } from '../audit.ts';
import type { Log } from '../log.ts';

export type CommandHandler<N extends CommandName> = (
  request: z.output<(typeof commandRequests)[N]>,
) => Promise<CommandReply>;
export type CommandHandlers = { [N in CommandName]: CommandHandler<N> };

/** Acts whose reason is kept: decisions on a system's mode, and what a system was asked that keeps no reason itself. */
const REASONED: ReadonlySet<CommandName> = new Set(['connector.go_live', 'connector.observe', 'connector.subscribe']);
/** What the audit trail keeps of one. */
const MOST_OF_A_REASON = 500;

const refuse = (code: 'invalid' | 'unavailable', message: string): CommandReply => ({
  ok: false,
  error: { code, message, fields: [] },
});

/** Serves commands as one NATS service with an endpoint each; replicas share the load. Each is in the audit trail. */
export async function serveCommands(
  nc: NatsConnection,
  handlers: CommandHandlers,
  log: Log,
  audit: Pick<Audit, 'record'>,
): Promise<{ stop: () => Promise<void> }> {
  const service = await new Svcm(nc).add({ name: 'syncline-commands', version: '1.0.0' });
  for (const name of Object.keys(handlers) as CommandName[]) {
    service.addEndpoint(name.replaceAll('.', '-'), {
      subject: subjects.command(name),
      handler: (error, message) => {
        if (error !== null) return;
        void answer(name, handlers, message.data, log, audit).then((reply) => message.respond(JSON.stringify(reply)));
      },
    });
  }
  return {
    stop: async () => {
      await service.stop();
    },
  };
}

async function answer<N extends CommandName>(
  name: N,
  handlers: CommandHandlers,
  data: Uint8Array,
  log: Log,
  audit: Pick<Audit, 'record'>,
): Promise<CommandReply> {
  try {
    const parsed = commandRequests[name].safeParse(JSON.parse(new TextDecoder().decode(data)));
    if (!parsed.success)
      return {
        ok: false,
        error: {
          code: 'invalid',
          message: `The command ${name} is not well formed.`,
          fields: parsed.error.issues.map((issue) => ({ path: `/${issue.path.join('/')}`, message: issue.message })),
        },
      };
    const request = parsed.data as z.output<(typeof commandRequests)[N]>;
    const reply = await handlers[name](request);
    audit.record(actOf(name, request, reply));
    return reply;
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('invalid', `The command ${name} is not JSON.`);
    log.error({ err: error, command: name }, 'command failed');
    return refuse('unavailable', 'The engine could not finish this just now. Nothing was lost: try again.');
  }
}

/**
 * Who asked for what, about which object, and what came of it; never what they sent or wrote, but for
 * the reason of a few.
 */
function actOf(
  action: CommandName,
  request: z.output<(typeof commandRequests)[CommandName]>,
  reply: CommandReply,
): Act {
  return {
    action,
    actor: request.actor.id,
    ...objectOf(request, reply),
    outcome: reply.ok ? 'done' : reply.error.code,
    ...(REASONED.has(action) &&
      'connector_id' in request &&
      'reason' in request && { reason: request.reason.slice(0, MOST_OF_A_REASON) }),
    detail: detailOf(request, reply),
  };
}

function detailOf(
  request: z.output<(typeof commandRequests)[CommandName]>,
  reply: CommandReply,
): Record<string, string> {
  if ('change' in request) return { change: request.change.kind };
  if ('counted_at' in request) return openingDetail(request);
  if ('topic' in request) return { topic: request.topic };
  return 'entries' in request ? ratesDetail(request, reply) : {};
}

const openingDetail = ({ items, over, dry_run }: z.output<(typeof commandRequests)['stock.open']>) => ({
  items: String(items.length),
  ...(over && { over: 'true' }),
  ...(dry_run && { dry_run: 'true' }),
});

function ratesDetail({ entries }: z.output<(typeof commandRequests)['rates.set']>, reply: CommandReply) {
  const days = entries.map(({ day }) => day).sort();
  const set = reply.ok ? [] : (reply.rates_set ?? []);
  return {
    ...{ rates: String(entries.length), from: days[0] ?? '', until: days.at(-1) ?? '' },
    ...(set.length > 0 && { set: String(set.length), those_set: set.join(', ').slice(0, 500) }),
  };
}

function objectOf(
  request: z.output<(typeof commandRequests)[CommandName]>,
  reply: CommandReply,
): Pick<Act, 'object_kind' | 'object_id'> {
  if ('key' in request) return { object_kind: 'order', object_id: request.key };
  if ('kind' in request)
    return { object_kind: 'mapping', object_id: `${request.kind}/${request.system}/${request.code}` };
  if ('entries' in request)
    return {
      object_kind: 'rate',
      object_id: [...new Set(request.entries.map(({ currency }) => currency))].sort().join(' ').slice(0, 400),
    };
  if ('case_id' in request) return { object_kind: 'case', object_id: request.case_id };
  if ('run_id' in request) return { object_kind: 'repair', object_id: request.run_id };
  if ('rule_id' in request) return { object_kind: 'rule', object_id: request.rule_id };
  if ('incident_id' in request) return { object_kind: 'incident', object_id: request.incident_id };
  if ('connector_id' in request) return { object_kind: 'connector', object_id: request.connector_id };
  if ('webhook_id' in request) return { object_kind: 'webhook', object_id: request.webhook_id };
  if ('shadow_id' in request) return { object_kind: 'shadow', object_id: request.shadow_id };
  if ('break_id' in request) return { object_kind: 'break', object_id: request.break_id };
  if ('counted_at' in request) return { object_kind: 'stock', object_id: request.counted_at };
  if ('plan' in request) return { object_kind: 'reconciliation', object_id: request.plan };
  if ('enabled' in request) return { object_kind: 'rule', object_id: RULES_SWITCH };
  // What a command began is named by its reply.
  if ('severity' in request)
    return { object_kind: 'incident', object_id: reply.ok ? (reply.incident?.incident_id ?? '') : '' };
  if ('payloads' in request)
    return { object_kind: 'shadow', object_id: reply.ok ? (reply.shadow?.shadow_id ?? '') : '' };
  if ('repair' in request) return { object_kind: 'repair', object_id: reply.ok ? (reply.run?.run_id ?? '') : '' };
  return { object_kind: 'cause', object_id: request.fingerprint };
}

/** Asks the engine. An engine that does not answer becomes a reply of code `unavailable`, never an exception. */
export async function requestCommand<N extends CommandName>(
  nc: NatsConnection,
  name: N,
  request: CommandRequest<N>,
  timeoutMs = 15_000,
): Promise<CommandReply> {
  try {
    const message = await nc.request(subjects.command(name), JSON.stringify(request), { timeout: timeoutMs });
    return commandReply.parse(message.json());
  } catch {
    return refuse('unavailable', 'The sync engine does not answer. It may be starting; try again in a moment.');
  }
}
