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

export const pauseConnector = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.pause', asked, id);
export const resumeConnector = (asked: Asked, id: string): Promise<ConnectorResult> =>
  turn('connector.resume', asked, id);

async function turn(
  name: 'connector.pause' | 'connector.resume',
  { context, viewer, form }: Asked,
  connector_id: string,
): Promise<ConnectorResult> {
  const reason = text(form, 'reason').slice(0, 1000);
  if (reason === '') return { ok: false, message: 'Give a reason: colleagues read it on this page.' };
  const reply = await context.command(name, { actor: actorOf(viewer), connector_id, reason });
  // The page is drawn again before the watch has told of it.
  if (reply.ok && reply.connector !== undefined) context.switches.learn(reply.connector);
  return { ok: reply.ok, message: messageOf(reply, context.estate) };
}
