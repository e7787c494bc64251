import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEstate } from '#platform/estate.ts';
import { freshSecrets, newPassword, readSecrets, writeSecrets } from './secrets.ts';
import { completeVendorSecrets, secretNames } from './vendor-secrets.ts';

const estate = parseEstate(readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8'), {});

test('secrets of a data directory are readable by their owner only, and come back as they were', () => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-secrets-'));
  const secrets = freshSecrets();
  expect(readSecrets(folder)).toBeUndefined();
  writeSecrets(folder, secrets);
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(readSecrets(folder)).toEqual(secrets);
  rmSync(folder, { recursive: true });
});

test('passwords are typed easily and never the same', () => {
  const made = Array.from({ length: 200 }, newPassword);
  for (const password of made) expect(password).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
  expect(new Set(made).size).toBe(made.length);
});

test('a simulated estate gets its secrets made up once; what the environment gives comes first', () => {
  const first = completeVendorSecrets(freshSecrets(), estate, {});
  expect(Object.keys(first.vendors)).toEqual(secretNames(estate));
  const second = completeVendorSecrets(first, estate, { NETSUITE_TOKEN: 'given' });
  expect(second.vendors).toEqual({ ...first.vendors, NETSUITE_TOKEN: 'given' });
});

test('a real estate is told which secrets it lacks', () => {
  const real = { ...estate, simulated: false };
  const all = Object.fromEntries(secretNames(estate).map((name) => [name, 'given']));
  expect(() => completeVendorSecrets(freshSecrets(), real, { ...all, NETSUITE_TOKEN: '' })).toThrow(
    'these are not set: NETSUITE_TOKEN.',
  );
  expect(completeVendorSecrets(freshSecrets(), real, all).vendors).toEqual(all);
});
