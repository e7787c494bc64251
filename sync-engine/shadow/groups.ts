import type { ShadowDifference } from '#contracts/v1/shadow.ts';
import type { Difference } from './differences.ts';

const MOST_GROUPS = 200;
const MOST_EXAMPLES = 10;
/** Different changes listed of one place; what comes beyond that is one group. */
const MOST_OF_A_PLACE = 10;
const VARIOUS = '‹various›';

/** Groups payloads by how their outcome differs. What it lists depends on the order of `add` alone. */
export class DifferenceGroups {
  readonly #groups = new Map<string, ShadowDifference>();
  readonly #ofPlace = new Map<string, number>();
  readonly #most: number;
  /** Differences of groups beyond the number that is listed. */
  #left = 0;

  constructor(most = MOST_GROUPS) {
    this.#most = most;
  }

  /** @param key of the order that differs. */
  add(key: string, differences: readonly Difference[]): void {
    // In several lines of one order the same change counts once.
    const groups = new Set(differences.flatMap((difference) => this.#groupOf(difference) ?? []));
    for (const group of groups) {
      group.payloads++;
      if (group.examples.length < MOST_EXAMPLES && !group.examples.includes(key)) group.examples.push(key);
    }
  }

  #groupOf(difference: Difference): ShadowDifference | undefined {
    const { step, path, before, after } = difference;
    const known = this.#groups.get(JSON.stringify([step, path, before, after]));
    if (known !== undefined) return known;
    const place = JSON.stringify([step, path]);
    const ofPlace = this.#ofPlace.get(place) ?? 0;
    if (ofPlace >= MOST_OF_A_PLACE && before !== VARIOUS)
      return this.#groupOf({ step, path, before: VARIOUS, after: VARIOUS });
    if (this.#groups.size >= this.#most) {
      this.#left++;
      return undefined;
    }
    this.#ofPlace.set(place, ofPlace + 1);
    const group = { ...difference, payloads: 0, examples: [] };
    this.#groups.set(JSON.stringify([step, path, before, after]), group);
    return group;
  }

  /** The groups, those of most orders first. */
  list(): ShadowDifference[] {
    return [...this.#groups.values()]
      .map((group) => ({ ...group, examples: [...group.examples] }))
      .sort((a, b) => b.payloads - a.payloads);
  }

  get left(): number {
    return this.#left;
  }
}
