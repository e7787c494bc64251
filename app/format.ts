/** How figures are written. British English; no floating point for money. */
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** "1,234", "12.3", "0.45": three significant digits below 100, whole above. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return whole.format(value);
  return new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 }).format(value);
}

/** A rate per minute or second: "1,234", "12.3", "0.07": two decimals below 10, one below 100; "< 0.01" where it would be 0. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value > 0 && value < 0.01) return '< 0.01';
  const maximumFractionDigits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return new Intl.NumberFormat('en-GB', { maximumFractionDigits }).format(value);
}

/** "12,345.60" from a decimal string, without passing through a float. `decimals` pads or rounds half up. */
export function formatDecimal(amount: string, decimals = 2): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim());
  if (!match) return '–';
  const [, sign = '', integer = '0', fraction = ''] = match;
  const padded = fraction.padEnd(decimals + 1, '0');
  const scaled = BigInt(integer + padded.slice(0, decimals)) + (Number(padded.charAt(decimals)) >= 5 ? 1n : 0n);
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const head = decimals === 0 ? digits : digits.slice(0, -decimals);
  const grouped = head.replace(/\B(?=(\d{3})+$)/g, ',');
  const minus = sign && scaled !== 0n ? '−' : '';
  return `${minus}${grouped}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** ISO 4217 minor units of a currency; 2 where the runtime does not know it. */
export function minorUnits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** "850 ms", "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h" from milliseconds. */
export function formatDuration(milliseconds: number): string {
  const abs = Math.abs(milliseconds);
  const sign = milliseconds < 0 ? '−' : '';
  if (!Number.isFinite(abs)) return '–';
  if (abs < 1_000) return `${sign}${Math.round(abs)} ms`;
  if (abs < 10_000) return `${sign}${(Math.floor(abs / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(abs / 1_000);
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    `${sign}${big} ${bigUnit}${small > 0 ? ` ${small} ${smallUnit}` : ''}`;
  if (seconds < 60) return `${sign}${seconds} s`;
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  if (seconds < 86_400) return pair(Math.floor(seconds / 3_600), 'h', Math.floor((seconds % 3_600) / 60), 'min');
  const days = Math.floor(seconds / 86_400);
  if (days < 365) return pair(days, 'd', Math.floor((seconds % 86_400) / 3_600), 'h');
  return pair(Math.floor(days / 365), 'y', days % 365, 'd');
}

/** A duration as a figure and its unit, for where the two are set apart: 4200 → "4.2", "s". */
export function figureDuration(milliseconds: number): { value: string; unit: string } {
  const units: readonly (readonly [string, number])[] = [
    ['ms', 1],
    ['s', 1_000],
    ['min', 60_000],
    ['h', 3_600_000],
    ['d', 86_400_000],
  ];
  const fitting = units.findLast(([, size]) => milliseconds >= size) ?? (['ms', 1] as const);
  const value = milliseconds / fitting[1];
  return {
    value: fitting[0] === 'ms' || value >= 100 ? String(Math.round(value)) : (Math.floor(value * 10) / 10).toFixed(1),
    unit: fitting[0],
  };
}

/** The largest unit only: "4 s", "3 min", "2 h", "3 d". */
export function formatRough(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days < 730 ? `${days} d` : `${Math.floor(days / 365)} y`;
}

/** "28 Nov 2026" from a UTC day, "2026-11-28". */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));
}

/** "20 Nov 2026, 14:02:11" in a zone; `zoneName` adds "GMT". */
export function formatInstant(instant: string | number, timeZone: string, zoneName = false): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '–';
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(zoneName ? { timeZoneName: 'short' } : {}),
  }).format(date);
}

/** "14:02" or, with seconds, "14:02:11" in a zone. */
export function formatClock(instant: string | number, timeZone: string, seconds = false): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(new Date(instant));
}

/** Keeps both ends of a long identifier: "shopify-us==61…4820". */
export function middleEllipsis(text: string, longest = 20): string {
  if (text.length <= longest) return text;
  const head = Math.ceil((longest - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (longest - 1 - head))}`;
}
