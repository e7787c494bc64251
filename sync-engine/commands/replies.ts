import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import { may, type Permission } from '#contracts/v1/permissions.ts';
import { Refusal } from '../refusal.ts';

/** @throws Refusal where neither the actor's roles nor the actor itself may. */
export function authorise(actor: Actor, permission: Permission): void {
  if (!may(actor.roles, permission) && actor.permissions?.includes(permission) !== true)
    throw new Refusal('forbidden', `${actor.id} may not do this: it needs the permission ${permission}.`);
}

/** Turns a refusal into its reply; everything else is a failure of the engine. */
export async function replying(run: () => Promise<CommandReply>): Promise<CommandReply> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, fields, because } = error;
    return {
      ok: false,
      error: { code, message, fields, ...(because === undefined ? {} : { because }) },
      ...(error.current === undefined ? {} : { case: error.current }),
      ...(error.currentCause === undefined ? {} : { cause: error.currentCause }),
    };
  }
}
