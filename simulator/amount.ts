/** Money inside the simulator is a whole number of cents; it leaves it as a decimal string. */
export function formatCents(cents: number): string {
  const text = Math.abs(cents).toString().padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** Whole cents of "12.3", "12.30" or 12.3; undefined for what is not an amount with at most two decimals. */
export function parseCents(amount: unknown): number | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return undefined;
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,2})0*)?$/.exec(String(amount));
  if (match === null) return undefined;
  const cents = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  return match[1] === '-' ? -cents : cents;
}

/** Tax on top of `cents`, or contained in them, rounded half up to the cent. `ratePpm` is millionths: 19 % is 190,000. */
export function taxCents(cents: number, ratePpm: number, included: boolean): number {
  return Math.round(included ? (cents * ratePpm) / (1_000_000 + ratePpm) : (cents * ratePpm) / 1_000_000);
}

/** "0.0825" for 82,500 millionths. */
export const formatRate = (ratePpm: number): string => String(ratePpm / 1_000_000);
