import type { ImportMapping } from './mapping.ts';
import { compileMapping, type MappedRow } from './map-row.ts';
import type { RejectedRow } from './rejected-rows.ts';
import { readRows } from './rows.ts';

export interface DryRun {
  rows: number;
  rejected: number;
  /** The first steps as they would be published, without their place in the transaction. */
  first: MappedRow['step'][];
  /** Steps by flow, step and status. */
  counts: { flow: string; step: string; status: string; steps: number }[];
}

export interface DryRunOptions {
  path: string;
  mapping: ImportMapping;
  now: () => Date;
  onRejected: (row: RejectedRow) => void;
  onRead: (bytes: number) => void;
}

const SHOWN = 3;

/** Maps the whole file and publishes nothing. */
export async function dryRun({ path, mapping, now, onRejected, onRead }: DryRunOptions): Promise<DryRun> {
  const map = compileMapping(mapping);
  const counts = new Map<string, DryRun['counts'][number]>();
  const result: DryRun = { rows: 0, rejected: 0, first: [], counts: [] };
  for await (const { line, raw, content } of readRows({ path, mapping, onRead })) {
    result.rows++;
    const mapped = 'problem' in content ? { field: '', reason: content.problem } : map(content.values, now());
    if (!('step' in mapped)) {
      result.rejected++;
      onRejected({ line, ...mapped, raw });
      continue;
    }
    const { flow, step, status } = mapped.step;
    if (result.first.length < SHOWN) result.first.push(mapped.step);
    const name = `${flow} ${step} ${status}`;
    const count = counts.get(name) ?? { flow, step, status, steps: 0 };
    count.steps++;
    counts.set(name, count);
  }
  result.counts = [...counts.values()].sort((a, b) => b.steps - a.steps);
  return result;
}
