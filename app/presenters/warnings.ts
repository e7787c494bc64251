import { may } from '#contracts/v1/permissions.ts';
import { type Warning, warningKind, type WarningSheet } from '#contracts/v1/warning.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { type Evaluated, severityWords, warningKindWords } from '#app/words/warnings.ts';

type Asked = Pick<AppContext, 'warnings' | 'now'>;

/** An evaluation that is late by more than this is done by nobody. */
const LATE_MS = 120_000;

const worstFirst: readonly Warning['severity'][] = ['bad', 'warn'];

/** Early warnings, the most pressing first, of one system or of all; and what could not be looked at. */
export function presentWarnings({ warnings, now }: Asked, viewer: Viewer, system?: string) {
  const sheets = [...warnings.all().values()];
  const concerns = (one: { system: string }) => system === undefined || one.system === system;
  return {
    /** Every system's, or one system's. */
    ofAll: system === undefined,
    warnings: sheets
      .flatMap((sheet) => sheet.warnings.map((one) => ({ ...one, kind: sheet.kind })))
      .filter(concerns)
      .sort((a, b) => worstFirst.indexOf(a.severity) - worstFirst.indexOf(b.severity) || (a.since < b.since ? 1 : -1))
      .map((one) => ({
        key: `${one.kind} ${one.id}`,
        system: one.system,
        subject: one.subject,
        kind: warningKindWords(one.kind),
        ...severityWords(one.severity),
        message: one.message,
        remedy: one.remedy,
        since: one.since,
        subscribe: one.subscribe?.topic ?? '',
      })),
    unknown: sheets
      .flatMap((sheet) => sheet.unknown.map((one) => ({ ...one, kind: sheet.kind })))
      .filter(concerns)
      .map(({ id, kind, subject, message }) => ({
        key: `${kind} ${id}`,
        kind: warningKindWords(kind).name,
        subject,
        message,
      })),
    may: { control: may(viewer.roles, 'connectors.control') },
    evaluated: evaluatedOf({ warnings, now }),
    kinds: warningKind.options.map((kind) => {
      const sheet = warnings.all().get(kind);
      return {
        id: kind,
        ...warningKindWords(kind),
        evaluatedAt: sheet?.evaluated_at ?? '',
        trouble: sheet === undefined ? '' : troubleOf(sheet, now().getTime()),
      };
    }),
  };
}
export type WarningsView = ReturnType<typeof presentWarnings>;
export type WarningLine = WarningsView['warnings'][number];

/** Why what a sheet says may no longer be so; empty where it is current. */
function troubleOf({ failure, next_at }: WarningSheet, now: number): string {
  if (failure !== '') return `The latest evaluation failed: ${failure}`;
  if (now - Date.parse(next_at) > LATE_MS) return 'It is not evaluated any more: look whether the engine runs.';
  return '';
}

function evaluatedOf({ warnings, now }: Asked): Evaluated {
  const current = warningKind.options.filter((kind) => {
    const sheet = warnings.all().get(kind);
    return sheet !== undefined && sheet.evaluated_at !== '' && troubleOf(sheet, now().getTime()) === '';
  });
  if (current.length === 0) return 'none';
  return current.length === warningKind.options.length ? 'all' : 'some';
}

/** How many hold now, how many of them are pressing, and whether they were looked for. */
export function countWarnings(context: Asked): { warnings: number; pressing: number; evaluated: Evaluated } {
  const all = [...context.warnings.all().values()].flatMap((sheet) => sheet.warnings);
  const pressing = all.filter(({ severity }) => severity === 'bad').length;
  return { warnings: all.length, pressing, evaluated: evaluatedOf(context) };
}
