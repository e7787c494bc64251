import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtIn } from '../connectors/registry.ts';
import { openApi, operationList } from './openapi.ts';

const document = openApi(builtIn) as {
  paths: Record<string, Record<string, { operationId: string; security: object[] }>>;
  components: { schemas: Record<string, unknown> };
};

it('is committed as generated (npm run contracts)', () => {
  const committed = readFileSync(new URL('../../docs/api/openapi.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

it('describes every operation once, and refers only to what it contains', () => {
  const described = Object.values(document.paths).flatMap((path) => Object.values(path).map((one) => one.operationId));
  expect(described.sort()).toEqual(
    operationList(builtIn)
      .map(([name]) => name)
      .sort(),
  );
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
});

it('asks for a key wherever there is no signature', () => {
  for (const [path, methods] of Object.entries(document.paths))
    for (const one of Object.values(methods))
      expect(one.security.length, path).toBe(path.startsWith('/intake') ? 0 : 1);
});
