import { z } from 'zod';
import type { CommandReply } from '#contracts/v1/commands.ts';
import { instant } from '#contracts/v1/primitives.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';
import { actorOf, text } from './rule.ts';

/** What became of an action on a connector, to be said on its page. */
export interface ConnectorResult {
  ok: boolean;
  message: string;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate' | 'switches'>;
  viewer: Viewer;
  form: FormData;
}

const needsReason: ConnectorResult = { ok: false, message: 'Give a reason: colleagues read it on this page.' };

export const pauseConnector = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.pause', asked, id);
export const resumeConnector = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.resume', asked, id);
export const drainConnector = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.drain', asked, id);

export const observeSystem = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.observe', asked, id);

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** The form says how many calls its reader was told had been passed over: it is kept with the decision. */
export async function takeLive({ context, viewer, form }: Asked, connector_id: string): Promise<ConnectorResult> {
  const reason = text(form, 'reason').slice(0, 1000);
  if (reason === '') return needsReason;
  const told = wholeNumber.safeParse(text(form, 'passed_over'));
  if (!told.success) return { ok: false, message: 'How many calls were passed over is missing. Load the page again.' };
  const request = { actor: actorOf(viewer), connector_id, reason, passed_over: told.data };
  return learned(context, await context.command('connector.go_live', request));
}

async function turn(
  name: 'connector.pause' | 'connector.resume' | 'connector.drain' | 'connector.observe',
  { context, viewer, form }: Asked,
  connector_id: string,
): Promise<ConnectorResult> {
  const reason = text(form, 'reason').slice(0, 1000);
  if (reason === '') return needsReason;
  return learned(context, await context.command(name, { actor: actorOf(viewer), connector_id, reason }));
}

export async function planMaintenance(
  { context, viewer, form }: Asked,
  connector_id: string,
): Promise<ConnectorResult> {
  const reason = text(form, 'reason').slice(0, 1000);
  if (reason === '') return needsReason;
  const [from, until] = [instant.safeParse(text(form, 'from')), instant.safeParse(text(form, 'until'))];
  if (!from.success || !until.success)
    return { ok: false, message: 'Say when the maintenance begins and when it ends.' };
  const actor = actorOf(viewer);
  return learned(
    context,
    await context.command('connector.plan_maintenance', {
      ...{ actor, connector_id, reason },
      from: from.data,
      until: until.data,
    }),
  );
}

export async function cancelMaintenance(
  { context, viewer, form }: Asked,
  connector_id: string,
): Promise<ConnectorResult> {
  const window_id = text(form, 'window');
  const actor = actorOf(viewer);
  return learned(context, await context.command('connector.cancel_maintenance', { actor, connector_id, window_id }));
}

/** Has the system send a webhook again that it dropped. */
export async function subscribeWebhook(
  { context, viewer, form }: Asked,
  connector_id: string,
): Promise<ConnectorResult> {
  const reason = text(form, 'reason').slice(0, 1000);
  if (reason === '') return needsReason;
  const topic = text(form, 'topic').slice(0, 100);
  const actor = actorOf(viewer);
  return learned(context, await context.command('connector.subscribe', { actor, connector_id, topic, reason }));
}

/** The page is drawn again before the watch has told of it. */
function learned({ switches, estate }: Asked['context'], reply: CommandReply): ConnectorResult {
  if (reply.ok && reply.connector !== undefined) switches.learn(reply.connector);
  return { ok: reply.ok, message: messageOf(reply, estate) };
}
