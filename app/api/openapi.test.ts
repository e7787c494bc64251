import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openApi } from './openapi.ts';
import { operations } from './operations.ts';

const document = openApi() as {
  paths: Record<string, Record<string, { operationId: string; security: { apiKey: string[] }[] }>>;
  components: { schemas: Record<string, unknown> };
};

it('is committed as generated (npm run contracts)', () => {
  const committed = readFileSync(new URL('../../docs/api/console-openapi.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

it('describes every operation once, each with a name and one scope, and refers only to what it contains', () => {
  const described = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(described).toHaveLength(operations.length);
  expect(new Set(described.map((one) => one.operationId)).size).toBe(operations.length);
  for (const one of described) expect(one.security[0]?.apiKey, one.operationId).toHaveLength(1);
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
});
