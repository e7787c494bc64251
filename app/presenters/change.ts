/** A figure against the period before: "+12 %" or "+1.2 s", and whether that is better. */
export interface Change {
  words: string;
  better: boolean | undefined;
}

const signed = (value: number, text: string) => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${text}`;

/** Relative change of a count. Undefined where there was nothing before. */
export function relativeChange(now: number, before: number, better?: 'more' | 'less'): Change | undefined {
  if (before === 0) return undefined;
  const share = (now - before) / before;
  const percent = Math.abs(share * 100);
  const words = signed(Math.round(share * 1_000), `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`);
  return { words, better: verdict(now - before, better) };
}

/** Difference in the figure's own unit. */
export function absoluteChange(
  now: number,
  before: number,
  format: (difference: number) => string,
  better: 'more' | 'less',
): Change {
  const difference = now - before;
  return { words: signed(difference, format(Math.abs(difference))), better: verdict(difference, better) };
}

function verdict(difference: number, better: 'more' | 'less' | undefined): boolean | undefined {
  if (!better || difference === 0) return undefined;
  return better === 'more' ? difference > 0 : difference < 0;
}
