import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Placed } from './traffic.ts';

/** Order sync latency of live orders as their events tell it: ERP sales order confirmed less placed. */
export class LiveLatencies {
  readonly #live: ReadonlySet<string>;
  readonly #seen: { at: number; ms: number }[] = [];

  constructor(placed: readonly Placed[]) {
    this.#live = new Set(placed.filter(({ kind }) => kind === 'plain').map(({ key }) => key));
  }

  take({ key, step, status, occurred_at, ended_at }: StepEvent): void {
    if (step !== 'erp_create_sales_order' || status !== 'completed' || !this.#live.has(key)) return;
    const at = Date.parse(ended_at);
    this.#seen.push({ at, ms: at - Date.parse(occurred_at) });
  }

  /** A latency belongs to the stretch in which it completed. */
  within(from: number, to: number): number[] {
    return this.#seen.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
  }
}

export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0);
}
