import type { LineQuantity, RemainingLine } from './lines-remaining.ts';

/** What one location is to ship. */
export interface PlannedAllocation {
  location: string;
  lines: RemainingLine[];
}

export interface AllocationPlan {
  allocations: PlannedAllocation[];
  /** What no location holds just now. */
  short: RemainingLine[];
}

export interface AllocationInput {
  lines: readonly RemainingLine[];
  /** In order of preference. */
  locations: readonly string[];
  /** Units of a SKU that may still be reserved at a location. */
  available: (sku: string, location: string) => number;
  /** Parcels from this many locations at most. */
  maxLocations: number;
}

/**
 * Shares an order out over locations: as few parcels as possible, whole lines before parts of lines, preferred locations
 * first. Each round takes the location that can ship the most whole lines of what is left, or else the most units.
 */
export function planAllocation(input: AllocationInput): AllocationPlan {
  const taken = new Map<string, number>();
  const free = (sku: string, location: string): number =>
    Math.max(0, input.available(sku, location) - (taken.get(`${location} ${sku}`) ?? 0));
  const allocations: PlannedAllocation[] = [];
  let left = input.lines.filter(({ quantity }) => quantity > 0);
  while (left.length > 0 && allocations.length < input.maxLocations) {
    const best = input.locations
      .filter((location) => allocations.every((known) => known.location !== location))
      .map((location) => coverage(location, left, free))
      .reduce<Coverage | undefined>(
        (held, other) => (held !== undefined && !better(other, held) ? held : other),
        undefined,
      );
    if (best === undefined || best.units === 0) break;
    for (const { sku, quantity } of best.lines) {
      const place = `${best.location} ${sku}`;
      taken.set(place, (taken.get(place) ?? 0) + quantity);
    }
    allocations.push({ location: best.location, lines: best.lines });
    left = without(left, best.lines);
  }
  return { allocations, short: left };
}

interface Coverage extends PlannedAllocation {
  wholeLines: number;
  units: number;
}

/** What of the lines a location can ship: lines that it holds whole come before those it can only begin. */
function coverage(
  location: string,
  lines: readonly RemainingLine[],
  free: (sku: string, location: string) => number,
): Coverage {
  const stock = new Map(lines.map(({ sku }) => [sku, free(sku, location)]));
  const take = (line: RemainingLine, quantity: number): RemainingLine => {
    stock.set(line.sku, (stock.get(line.sku) ?? 0) - quantity);
    return { ...line, quantity };
  };
  const whole = lines.filter((line) => {
    if ((stock.get(line.sku) ?? 0) < line.quantity) return false;
    take(line, line.quantity);
    return true;
  });
  const begun = lines
    .filter((line) => !whole.includes(line))
    .map((line) => take(line, Math.min(line.quantity, Math.max(0, stock.get(line.sku) ?? 0))))
    .filter(({ quantity }) => quantity > 0);
  const taken = [...whole, ...begun];
  return {
    location,
    lines: taken,
    wholeLines: whole.length,
    units: taken.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

const better = (one: Coverage, than: Coverage): boolean =>
  one.wholeLines > than.wholeLines || (one.wholeLines === than.wholeLines && one.units > than.units);

/** The lines less what was taken of them. */
export function without(lines: readonly RemainingLine[], taken: readonly LineQuantity[]): RemainingLine[] {
  const gone = new Map<string, number>();
  for (const { line_id, quantity } of taken) gone.set(line_id, (gone.get(line_id) ?? 0) + quantity);
  return lines
    .map((line) => ({ ...line, quantity: line.quantity - (gone.get(line.line_id) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
