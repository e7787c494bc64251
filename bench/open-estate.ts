import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Estate } from '#contracts/v1/estate.ts';
import { parseEstate } from '#platform/estate.ts';

const document = z.looseObject({ systems: z.array(z.looseObject({ id: z.string(), limits: z.unknown().optional() })) });

/** Calls under way at once at one system. */
const CONCURRENCY = 32;

/**
 * The delivered estate without the vendors' rate limits and maintenance windows, written to `path`: what is measured is
 * the engine, not the patience it has with NetSuite.
 */
export function writeOpenEstate(path: string, addresses: Readonly<Record<string, string>>): Estate {
  const source = readFileSync(new URL('../config/estate.yaml', import.meta.url), 'utf8');
  const raw = document.parse(parse(source));
  const systems = raw.systems.map((system) => ({
    ...system,
    maintenance: [],
    limits: { concurrency: CONCURRENCY, timeout_s: 30, breaker_failures: 1_000 },
  }));
  const text = stringify({ ...raw, systems });
  writeFileSync(path, text);
  return parseEstate(text, addresses);
}
