import type { ShadowDifference } from '#contracts/v1/shadow.ts';
import type { DryRunResult } from '#contracts/v1/dry-run.ts';
import { isPersonal } from '#contracts/v1/personal-data.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import { withoutParticulars } from '../flows/fingerprint.ts';
import { jsonPointer } from '../json-pointer.ts';

export type Difference = Pick<ShadowDifference, 'step' | 'path' | 'before' | 'after'>;

const HIDDEN = '‹hidden›';
const LONGEST = 200;
const MOST = 100;

/**
 * How two dry runs of one order differ: in where they stop, in what they understood and in what they would send. Values
 * of personal fields are hidden, and what differs from order to order is taken out of sentences.
 */
export function differencesOf(before: DryRunResult, after: DryRunResult): Difference[] {
  const people = new Set([...personalValues(before.canonical), ...personalValues(after.canonical)]);
  const outcome = outcomeDifference(before, after);
  const stopped = !before.ok || !after.ok;
  const canonical =
    before.canonical === undefined || after.canonical === undefined
      ? []
      : valueDifferences('canonical', before.canonical, after.canonical, people);
  // Where one of them stops, what comes behind is missing there, and says nothing more.
  const ahead = stopped ? [] : [...stepDifferences(before, after), ...callDifferences(before, after, people)];
  return [...outcome, ...canonical, ...ahead].slice(0, MOST);
}

function outcomeDifference(before: DryRunResult, after: DryRunResult): Difference[] {
  const [was, is] = [outcomeOf(before), outcomeOf(after)];
  if (was.step === is.step && was.words === is.words) return [];
  const step = before.ok ? is.step : was.step;
  const words = (one: typeof was) =>
    one.step === step || one.step === '' ? one.words : `${one.words} (at ${one.step})`;
  return [{ step, path: '', before: words(was), after: words(is) }];
}

function outcomeOf(result: DryRunResult): { step: string; words: string } {
  const [problem] = result.problems;
  if (result.ok || problem === undefined) return { step: '', words: 'goes on' };
  return { step: stoppedAt(result), words: `stops: ${sentence(problem.message)}` };
}

/** Where an order stops, and why a rule for that does not help it. */
export const notCuredDifference = (before: DryRunResult, reason: string): Difference => ({
  step: outcomeOf(before).step,
  path: '',
  before: outcomeOf(before).words,
  after: sentence(reason),
});

/** The step at which a dry run ended with a problem; empty where it did not. */
export const stoppedAt = (result: DryRunResult): string =>
  result.steps.findLast(({ outcome }) => outcome === 'problem')?.step ?? '';

/** Steps that would be skipped, called or not known, where the other one has it otherwise. */
function stepDifferences(before: DryRunResult, after: DryRunResult): Difference[] {
  const words = ({ steps }: DryRunResult) =>
    new Map(
      steps.map(({ step, outcome, note }) => [
        step,
        outcome === 'would_skip' ? `skips: ${sentence(note)}` : did[outcome],
      ]),
    );
  const [was, is] = [words(before), words(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((step) => {
    const pair = { before: was.get(step) ?? '', after: is.get(step) ?? '' };
    return pair.before === pair.after ? [] : [{ step, path: '', ...pair }];
  });
}

const did: Record<Exclude<DryRunResult['steps'][number]['outcome'], 'would_skip'>, string> = {
  passed: 'passes',
  problem: 'stops',
  would_call: 'calls',
  would_wait: 'waits',
  unknown: 'cannot be known beforehand',
};

function callDifferences(before: DryRunResult, after: DryRunResult, people: ReadonlySet<string>): Difference[] {
  return before.calls.flatMap((was) => {
    const is = after.calls.find(({ step }) => step === was.step);
    if (is === undefined) return [];
    const where = ({ method, path, system }: typeof was) => sentence(`${method} ${path} of ${system}`);
    return [
      ...(where(was) === where(is) ? [] : [{ step: was.step, path: '', before: where(was), after: where(is) }]),
      ...(was.body === is.body ? [] : bodyDifferences(was.step, bodyOf(was.body), bodyOf(is.body), people)),
    ];
  });
}

/** Text such as a mail's says who it is for: only that it differs is told. */
function bodyDifferences(step: string, before: unknown, after: unknown, people: ReadonlySet<string>): Difference[] {
  if (before === undefined || after === undefined) return [{ step, path: '', before: HIDDEN, after: HIDDEN }];
  return valueDifferences(step, before, after, people);
}

const sentence = (text: string): string => withoutParticulars(text).slice(0, 900);

/** What a body says, if it is JSON or a form. Names in brackets, `shipping[address][line1]`, lie one within the other. */
function bodyOf(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    if (!/^[\w%[\].+-]+=/.test(text)) return undefined;
    const root: Record<string, unknown> = {};
    for (const [name, value] of new URLSearchParams(text)) {
      const names = name.split(/[[\]]+/).filter((part) => part !== '');
      let at = root;
      for (const part of names.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
      at[names.at(-1) ?? name] = value;
    }
    return root;
  }
}

/** Texts that stand in an order as somebody's personal data: in a call they are that too, whatever the vendor names them. */
function personalValues(value: unknown, names: readonly string[] = []): string[] {
  if (typeof value === 'string') return isPersonal(names, value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => personalValues(one, names));
  return [...childrenOf(value)].flatMap(([key, one]) => personalValues(one, [...names, key]));
}

/** The leaves in which two values differ; one that only one of them has stands beside an empty text. */
export function valueDifferences(
  step: string,
  before: unknown,
  after: unknown,
  people: ReadonlySet<string> = new Set(),
): Difference[] {
  const found: Difference[] = [];
  const compare = (was: unknown, is: unknown, path: readonly string[], names: readonly string[]): void => {
    if (found.length >= MOST) return;
    if (isContainer(was) || isContainer(is)) {
      const [left, right] = [childrenOf(was), childrenOf(is)];
      const inList = Array.isArray(was) || Array.isArray(is);
      for (const key of new Set([...left.keys(), ...right.keys()]))
        compare(left.get(key), right.get(key), [...path, inList ? '*' : key], inList ? names : [...names, key]);
      if (isContainer(was) && isContainer(is)) return;
    }
    const pair = [was, is].map((value) => (isContainer(value) ? '' : shown(value, names, people)));
    const [wasText = '', isText = ''] = pair;
    const same = isContainer(was) || isContainer(is) ? wasText === isText : was === is;
    if (!same) found.push({ step, path: jsonPointer(path).slice(0, 500), before: wasText, after: isText });
  };
  compare(before, after, [], []);
  return found;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
const childrenOf = (value: unknown): Map<string, unknown> => new Map(isContainer(value) ? Object.entries(value) : []);

function shown(value: unknown, names: readonly string[], people: ReadonlySet<string>): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && people.has(value)) return HIDDEN;
  if ((typeof value === 'string' || typeof value === 'number') && isPersonal(names, value)) return HIDDEN;
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
