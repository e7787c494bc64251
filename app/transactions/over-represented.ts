/** How many of the selected and of the rest have a value, of how many. */
export interface Shares {
  selected: number;
  ofSelected: number;
  rest: number;
  ofRest: number;
}

/** Standard normal quantile of a two-sided 95 % interval. */
const z = 1.959964;

/** Wilson's score interval of a proportion. */
function wilson(count: number, total: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const share = count / total;
  const square = (z * z) / total;
  const centre = (share + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total));
  return { low: centre - half, high: centre + half };
}

/**
 * How much more of the selected than of the rest has a value, as the difference of the two shares, and the lower end of
 * its 95 % interval (Newcombe 1998, method 10: from the Wilson intervals of both). Two of three failures in a store prove
 * little, and the lower end says so: it is above zero only where chance hardly explains the difference.
 */
export function overRepresentation({ selected, ofSelected, rest, ofRest }: Shares): { points: number; least: number } {
  const [a, b] = [ofSelected === 0 ? 0 : selected / ofSelected, ofRest === 0 ? 0 : rest / ofRest];
  const [of, other] = [wilson(selected, ofSelected), wilson(rest, ofRest)];
  return { points: a - b, least: a - b - Math.sqrt((a - of.low) ** 2 + (other.high - b) ** 2) };
}
