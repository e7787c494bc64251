import type { CaseState } from '#contracts/v1/case.ts';
import type { CauseState } from '#contracts/v1/cause.ts';
import type { Actor, CommandError, CommandReply } from '#contracts/v1/commands.ts';
import { may, type Permission } from '#contracts/v1/permissions.ts';

/** A command that was refused, for its reply. */
export class Refusal extends Error {
  readonly code: CommandError['code'];
  readonly fields: CommandError['fields'];
  readonly because: CommandError['because'];
  /** The case as it is now, so that whoever was second sees what the first did. */
  readonly current: CaseState | undefined;
  /** The same of a cause. */
  readonly currentCause: CauseState | undefined;

  constructor(
    code: CommandError['code'],
    message: string,
    more: {
      fields?: CommandError['fields'];
      current?: CaseState;
      currentCause?: CauseState;
      because?: NonNullable<CommandError['because']>;
    } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.fields = more.fields ?? [];
    this.current = more.current;
    this.currentCause = more.currentCause;
    this.because = more.because;
  }
}

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
