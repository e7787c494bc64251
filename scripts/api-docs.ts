import { mkdirSync, writeFileSync } from 'node:fs';
import { openApi } from '#sync-engine/intake/openapi.ts';

/** Writes docs/api/openapi.json from the intake's table of operations (`npm run contracts`). */
const file = new URL('../docs/api/openapi.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, `${JSON.stringify(openApi(), null, 2)}\n`);
