import { z } from 'zod';
import { fromLocalStamp } from '#platform/local-stamp.ts';

/** Directives of strptime that a pattern may have, each as what it matches. */
const directives: Record<string, string> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>\\d{1,2})',
  b: '(?<b>[A-Za-z]{3})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  I: '(?<I>\\d{1,2})',
  p: '(?<p>[AaPp][Mm])',
  M: '(?<M>\\d{2})',
  S: '(?<S>\\d{2})',
  f: '(?<f>\\d{1,9})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  '%': '%',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export const timeFormat = z.string().superRefine((format, context) => {
  if (['iso', 'epoch_s', 'epoch_ms'].includes(format)) return;
  const unknown = [...format.matchAll(/%(.?)/gs)].find(([, name = '']) => !Object.hasOwn(directives, name));
  if (unknown !== undefined)
    context.addIssue({
      code: 'custom',
      message: `knows no ${unknown[0]}; it knows %${Object.keys(directives).join(' %')}`,
    });
  else if (!/%Y|%y/.test(format) || !/%m|%b/.test(format) || !format.includes('%d'))
    context.addIssue({
      code: 'custom',
      message: 'is neither iso, epoch_s, epoch_ms nor a pattern with year, month and day',
    });
});

/** @returns the instant as RFC 3339 in UTC with milliseconds, or undefined for what is no time of that form. */
export type ReadTime = (text: string) => string | undefined;

/** @param zone of times that carry no offset; such times are refused where it is absent */
export function timeReader(format: string, zone: string | undefined): ReadTime {
  if (format === 'epoch_ms') return (text) => ofEpoch(text, 1);
  if (format === 'epoch_s') return (text) => ofEpoch(text, 1000);
  const pattern = format === 'iso' ? iso : compile(format);
  const toUtc = zone === undefined ? () => undefined : clockOf(zone);
  return (text) => {
    const parts = pattern.exec(text.trim())?.groups;
    return parts === undefined ? undefined : instantOf(parts, toUtc);
  };
}

const iso =
  /^(?<Y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?:[T ](?<H>\d{2}):(?<M>\d{2})(?::(?<S>\d{2})(?:[.,](?<f>\d{1,9}))?)?)?\s?(?<z>Z|[+-]\d{2}(?::?\d{2})?)?$/;

function ofEpoch(text: string, factor: number): string | undefined {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) return undefined;
  const date = new Date(Math.round(Number(text) * factor));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function compile(format: string): RegExp {
  const source = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/gs, (found, name?: string) =>
    name === undefined ? `\\${found}` : (directives[name] ?? ''),
  );
  return new RegExp(`^${source}$`);
}

type Parts = Record<string, string | undefined>;

function instantOf(parts: Parts, toUtc: (local: number) => number | undefined): string | undefined {
  const year = parts['Y'] === undefined ? 2000 + Number(parts['y']) : Number(parts['Y']);
  const month = parts['m'] === undefined ? months.indexOf((parts['b'] ?? '').toLowerCase()) + 1 : Number(parts['m']);
  const [day, hour, minute, second] = [
    Number(parts['d']),
    hourOf(parts),
    Number(parts['M'] ?? 0),
    Number(parts['S'] ?? 0),
  ];
  const local = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number((parts['f'] ?? '').padEnd(3, '0').slice(0, 3)),
  );
  const shown = new Date(local);
  // 31 February and 25 o'clock are no times, though Date counts on from them.
  if (shown.getUTCMonth() !== month - 1 || shown.getUTCDate() !== day || minute > 59 || second > 59) return undefined;
  const utc = parts['z'] === undefined ? toUtc(local) : local - offsetOf(parts['z']);
  return utc === undefined ? undefined : new Date(utc).toISOString();
}

function hourOf({ H, I, p }: Parts): number {
  if (I === undefined) return Number(H ?? 0);
  return (Number(I) % 12) + ((p ?? '').toLowerCase() === 'pm' ? 12 : 0);
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const QUARTER_MS = 15 * 60_000;

/** A zone's clock, read once for each quarter of an hour: clocks are changed on none in between. */
function clockOf(zone: string): (local: number) => number | undefined {
  const known = new Map<number, number>();
  return (local) => {
    const quarter = Math.floor(local / QUARTER_MS) * QUARTER_MS;
    let utc = known.get(quarter);
    if (utc === undefined) {
      const stamp = new Date(quarter).toISOString();
      const instant = fromLocalStamp(
        stamp.slice(0, 10).replaceAll('-', ''),
        stamp.slice(11, 19).replaceAll(':', ''),
        zone,
      );
      if (instant === undefined) return undefined;
      if (known.size > 50_000) known.clear();
      known.set(quarter, (utc = Date.parse(instant)));
    }
    return utc + (local - quarter);
  };
}
