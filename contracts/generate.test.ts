import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { expect, it } from 'vitest';
import { brokenPromises, generatedFiles } from './generate.ts';
import { publishedV1, toJsonSchema } from './published.ts';

const root = new URL('../', import.meta.url);

it('commits exactly the schemas that the code describes (npm run contracts)', () => {
  for (const [path, text] of generatedFiles()) expect(readFileSync(new URL(path, root), 'utf8'), path).toBe(text);
  const committed = readdirSync(new URL('contracts/schemas/v1/', root));
  expect(committed.sort()).toEqual(
    Object.keys(publishedV1)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

it('changes published schemas only compatibly', () => {
  expect(brokenPromises()).toEqual([]);
});

it('holds every schema to the published baseline', () => {
  const baseline = readdirSync(new URL('contracts/schemas/published/v1/', root));
  expect(baseline.sort()).toEqual(
    Object.keys(publishedV1)
      .map((name) => `${name}.json`)
      .sort(),
  );
});

it('generates schemas that a validator of another vendor compiles', () => {
  const ajv = new Ajv2020({ strict: false, formats: fullFormats });
  for (const [name, entry] of Object.entries(publishedV1))
    expect(() => ajv.compile(toJsonSchema(name, entry)), name).not.toThrow();
});
