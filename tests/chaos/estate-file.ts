import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type Estate } from '#contracts/v1/estate.ts';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import { parseEstate } from '#platform/estate.ts';
import { never } from '#tests/support/reconciliation.ts';
import { testSecret } from '#tests/support/simulator.ts';

const document = z.looseObject({ systems: z.array(z.looseObject({ id: z.string() })) });

/** Compared when it is asked for: on a schedule nothing would ever come to rest. */
export const stockPlan: StockPlan = {
  ...never,
  id: 'stock',
  name: 'Stock of the warehouses',
  kind: 'stock',
  compare: ['wms'],
  tolerance: 0,
  settle_s: 0.5,
  rounds: 3,
};

/**
 * The delivered estate for crash tests, written to `path`: no maintenance, no schedules, no rate limits, short timeouts so that an
 * attempt left behind by a killed replica is soon taken up, and patience enough that no order ends as a case.
 */
export function writeEstate(path: string, addresses: Readonly<Record<string, string>>): Estate {
  const source = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');
  const raw = document.parse(parse(source));
  const systems = raw.systems.map((system) => ({
    ...system,
    maintenance: [],
    limits: { concurrency: 24, timeout_s: 2, breaker_failures: 1000, breaker_open_s: 1 },
    retry: { max_attempts: 100, initial_delay_s: 0.1, max_delay_s: 2 },
  }));
  const text = stringify({ ...raw, systems, reconciliations: [stockPlan] });
  writeFileSync(path, text);
  return parseEstate(text, addresses);
}

/** Every secret the estate names, by the name of its variable. */
export function secretsOf(estate: Estate): Record<string, string> {
  const named = estate.systems
    .flatMap(({ settings }) => Object.values(settings))
    .filter((value) => value.startsWith('env:'))
    .map((value) => value.slice(4));
  return Object.fromEntries(named.map((name) => [name, testSecret(name)]));
}
