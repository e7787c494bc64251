import type { ModeDecision } from '#contracts/v1/connector-switch.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { ShadowRun } from '#contracts/v1/shadow.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { connectorPath } from '#app/connectors/paths.ts';
import { formatNumber } from '#app/format.ts';
import type { PassedOverRow } from '#app/queries/going-live.ts';
import type { RunRow } from '#app/queries/reconciliation.ts';
import { runPath } from '#app/reconciliation/paths.ts';
import { shadowPath, shadowsPath } from '#app/rules/paths.ts';

/** One thing that a system should have behind it before it goes live, as the facts have it. */
export interface Check {
  id: 'seen' | 'observed' | 'mappings' | 'opening' | 'stock' | 'shadow';
  title: string;
  condition: Condition;
  word: string;
  /** In a sentence. */
  says: string;
  /** When that was, RFC 3339. */
  at?: string | undefined;
  /** Where the facts are. */
  to?: string | undefined;
}

/** What is known of a system. Instants are RFC 3339, empty where there is none. */
export interface Facts {
  system: System;
  decided: ModeDecision | undefined;
  /** Since its mode began, or for as long as is looked back. */
  passed: readonly PassedOverRow[];
  seen: { answered_at: string; heard_at: string } | undefined;
  mappingCases: number;
  /** SKUs of which stock is kept at each location whose warehouse it is; none of another system. */
  items: readonly { name: string; items: number }[];
  /** The latest comparison of stock, if it read this system. */
  stock: Pick<RunRow, 'run_id' | 'groups'> | undefined;
  shadow: ShadowRun | undefined;
}

const calls = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'call' : 'calls'}`;

/** Calls that were passed over, by what would have become of them. */
export function tallyOf(passed: Facts['passed']) {
  const sum = (outcome: PassedOverRow['outcome']) =>
    passed.filter((row) => row.outcome === outcome).reduce((total, row) => total + row.calls, 0);
  const [wouldSend, wouldStop, unknown] = [sum('would_send'), sum('would_stop'), sum('unknown')];
  return { wouldSend, wouldStop, unknown, all: wouldSend + wouldStop + unknown };
}

/** Everything a system should have behind it, in the order in which it is gone through. Pure. */
export function checksOf(facts: Facts): Check[] {
  const [opening, stock] = [openingCheck(facts), stockCheck(facts)];
  return [
    ...[seenCheck(facts), observedCheck(facts), mappingCheck(facts)],
    ...(opening ? [opening] : []),
    ...(stock ? [stock] : []),
    shadowCheck(facts),
  ];
}

/** Those that speak against going live now. */
export const notReady = (checks: readonly Check[]): Check[] => checks.filter(({ condition }) => condition !== 'good');

function seenCheck({ seen, system }: Facts): Check {
  const check = { id: 'seen', title: 'Seen working', to: connectorPath(system.id) } as const;
  if (seen !== undefined && seen.answered_at !== '')
    return {
      ...check,
      condition: 'good',
      word: 'it answers',
      says: 'It did what was asked of it, last',
      at: seen.answered_at,
    };
  if (seen !== undefined && seen.heard_at !== '')
    return {
      ...check,
      condition: 'warn',
      word: 'only heard',
      says: 'Nothing was asked of it yet; it was heard, last',
      at: seen.heard_at,
    };
  return {
    ...check,
    condition: 'bad',
    word: 'never seen',
    says: 'Within 30 days it neither answered a call nor was heard: whether its credentials are right is not known.',
  };
}

function observedCheck({ passed, decided, system }: Facts): Check {
  const check = { id: 'observed', title: 'Observed' } as const;
  const { all, wouldSend, wouldStop, unknown } = tallyOf(passed);
  if (all === 0 && system.mode === 'live')
    return { ...check, condition: 'good', word: 'live', says: 'It is live; nothing is passed over.' };
  if (all === 0)
    return {
      ...check,
      condition: 'warn',
      word: 'nothing yet',
      says: 'Nothing was to be sent to it yet: what it would be sent is not known.',
    };
  const more = [
    ...(wouldStop > 0 ? [`${calls(wouldStop)} could not have been made`] : []),
    ...(unknown > 0 ? [`of ${calls(unknown)} it is not known, since they depend on what it answers first`] : []),
  ];
  const since = decided?.mode === 'observe' ? 'since it is only observed' : 'within 30 days';
  return {
    ...check,
    ...judged(wouldSend, wouldStop),
    says: `${[`${calls(wouldSend)} would have been sent ${since}`, ...more].join('; ')}.`,
  };
}

/** What nobody knows speaks for nothing. */
function judged(wouldSend: number, wouldStop: number): Pick<Check, 'condition' | 'word'> {
  if (wouldStop > 0) return { condition: 'bad', word: 'would have stopped' };
  return wouldSend > 0
    ? { condition: 'good', word: 'would have been sent' }
    : { condition: 'warn', word: 'nothing known' };
}

/** Codes of mappings that calls lacked since one could last be made: what was lacking before has been added. */
function gapsOf(passed: Facts['passed']): string[] {
  const sentAt = passed.flatMap(({ outcome, latest_at }) => (outcome === 'would_send' ? [latest_at] : [])).sort();
  const since = sentAt.at(-1) ?? '';
  const gaps = passed.filter(({ stop_class, latest_at }) => stop_class === 'mapping' && latest_at > since);
  return [...new Set(gaps.map(({ stop_code }) => stop_code))];
}

function mappingCheck({ mappingCases, passed, system }: Facts): Check {
  const codes = gapsOf(passed);
  const check = { id: 'mappings', title: 'Mappings', to: `/quarantine?class=mapping&lacking=${system.id}` } as const;
  if (mappingCases === 0 && codes.length === 0)
    return {
      ...check,
      condition: 'good',
      word: 'no gap known',
      says: 'No open case lacks a mapping, and no call did.',
    };
  const open = mappingCases === 1 ? '1 open case lacks' : `${formatNumber(mappingCases)} open cases lack`;
  return {
    ...check,
    condition: 'bad',
    word: 'gaps',
    says: [
      ...(mappingCases > 0 ? [`${open} a mapping.`] : []),
      ...(codes.length > 0 ? [`Calls would have stopped because of ${codes.join(', ')}.`] : []),
    ].join(' '),
  };
}

/** Only of a warehouse. */
function openingCheck({ items }: Facts): Check | undefined {
  if (items.length === 0) return undefined;
  const check = { id: 'opening', title: 'Opening stock', to: '/inventory' } as const;
  const empty = items.filter((at) => at.items === 0).map(({ name }) => name);
  const kept = items.map(({ name, items: count }) => `${formatNumber(count)} at ${name}`).join(', ');
  if (empty.length === 0) return { ...check, condition: 'good', word: 'loaded', says: `SKUs kept: ${kept}.` };
  return {
    ...check,
    condition: 'bad',
    word: 'missing',
    says: `No stock is kept yet at ${empty.join(', ')}: orders find nothing there.`,
  };
}

/** Only of a system that a comparison of stock reads. */
function stockCheck({ stock, system }: Facts): Check | undefined {
  const groups = stock?.groups.filter((group) => group.system === system.id) ?? [];
  if (stock === undefined || groups.length === 0) return undefined;
  const sum = (pick: (group: (typeof groups)[number]) => number) =>
    groups.reduce((total, group) => total + pick(group), 0);
  const [compared, agreeing] = [sum((group) => group.compared), sum((group) => group.agreeing)];
  return {
    id: 'stock',
    title: 'Stock',
    condition: compared > 0 && agreeing === compared ? 'good' : 'warn',
    word: compared > 0 && agreeing === compared ? 'agrees' : 'differs',
    says: `${formatNumber(agreeing)} of ${formatNumber(compared)} items agreed with ours in the latest comparison.`,
    to: runPath(stock.run_id),
  };
}

function shadowCheck({ shadow }: Facts): Check {
  const check = { id: 'shadow', title: 'Shadow replay' } as const;
  if (shadow === undefined)
    return {
      ...check,
      condition: 'warn',
      word: 'none yet',
      says: 'No change was tried on the latest orders yet.',
      to: shadowsPath,
    };
  const { status, tried, same, different, unknown, shadow_id } = shadow;
  const figures = `of ${formatNumber(tried)} orders ${formatNumber(same)} came out the same, ${formatNumber(different)} otherwise`;
  return {
    ...check,
    condition: status === 'done' && unknown === 0 ? 'good' : 'warn',
    word: status === 'done' ? 'done' : status,
    says: `In the last one ${figures}${unknown > 0 ? `, and ${formatNumber(unknown)} could not be tried` : ''}.`,
    to: shadowPath(shadow_id),
  };
}
