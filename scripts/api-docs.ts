import { mkdirSync, writeFileSync } from 'node:fs';
import { openApi as consoleApi } from '#app/api/openapi.ts';
import { builtIn } from '#sync-engine/connectors/registry.ts';
import { openApi as intakeApi } from '#sync-engine/intake/openapi.ts';

/** Writes what each server answers, from its table of operations, into docs/api (`npm run contracts`). */
const folder = new URL('../docs/api/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, document] of [
  ['openapi.json', intakeApi(builtIn)],
  ['console-openapi.json', consoleApi()],
] as const)
  writeFileSync(new URL(name, folder), `${JSON.stringify(document, null, 2)}\n`);
