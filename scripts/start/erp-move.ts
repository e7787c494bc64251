import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartOptions } from './options.ts';

/** So long after the start that some orders are placed before it. */
const AFTER_MS = 120_000;

/**
 * When the books of the simulated estate's UK company move to its second ERP: with the scenario `erp-migration`, two
 * minutes after the first start with it. Kept with the data, for an order stays in the books it was begun in.
 */
export function erpMove(
  { dataDir, scenario }: Pick<StartOptions, 'dataDir' | 'scenario'>,
  now: Date,
): Record<string, string> {
  const file = join(dataDir, 'uk-erp-moves-at');
  if (existsSync(file)) return { UK_ERP_MOVES_AT: readFileSync(file, 'utf8').trim() };
  if (scenario !== 'erp-migration') return {};
  const at = new Date(now.getTime() + AFTER_MS).toISOString();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, at);
  return { UK_ERP_MOVES_AT: at };
}
