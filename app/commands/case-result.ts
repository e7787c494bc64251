import type { CommandError } from '#contracts/v1/commands.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { ShownDryRun } from '#app/presenters/dry-run.ts';
import type { AppContext } from '#app/server/context.ts';
import type { CaseIntent } from './case.ts';
import type { MergeAnswer } from './case-payload.ts';

/** What became of an action on a case, to be said beside it. */
export interface CaseResult {
  ok: boolean;
  intent: CaseIntent;
  message: string;
  /** Why it was refused, where the asker can do something about it. */
  because?: NonNullable<CommandError['because']>;
  /** Somebody was first: who, and with what. */
  first?: string;
  dryRun?: ShownDryRun;
  /** Text with personal data put back, for who may see it, and so the version it was begun from. */
  text?: string;
  base?: string;
  merge?: MergeAnswer;
  /** An update the channel sent, by its sequence on INTAKE, with personal data hidden. */
  newest?: { original: number; text: string };
}

/** An action somebody asks for, whose permission has been checked. */
export interface Asked {
  context: AppContext;
  viewer: Viewer;
  caseId: string;
  form: FormData;
}

export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
