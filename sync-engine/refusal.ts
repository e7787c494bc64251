import type { CaseState } from '#contracts/v1/case.ts';
import type { CauseState } from '#contracts/v1/cause.ts';
import type { CommandError } from '#contracts/v1/commands.ts';
import type { Flow } from '#contracts/v1/step-event.ts';

/** What somebody asked for is refused, with the reason and what they can do about it. */
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

/** Another system tells of the transaction: it has no checkpoint from which this engine could go on. */
export class ToldByOthers extends Refusal {
  readonly flow: Flow;
  readonly key: string;

  constructor(flow: Flow, key: string, writer: string) {
    super('refused', `${key} is told of by another system (${writer}); this engine does not carry it.`);
    this.name = 'ToldByOthers';
    this.flow = flow;
    this.key = key;
  }
}
