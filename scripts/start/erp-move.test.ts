import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { erpMove } from './erp-move.ts';

test('the moment of an ERP migration is decided once and kept with the data', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'erp-move-'));
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 9, minute));
  expect(erpMove({ dataDir, scenario: 'normal' }, at(0))).toEqual({});
  const moved = { UK_ERP_MOVES_AT: '2026-11-01T09:03:00.000Z' };
  expect(erpMove({ dataDir, scenario: 'erp-migration' }, at(1))).toEqual(moved);
  expect(erpMove({ dataDir, scenario: 'normal' }, at(30))).toEqual(moved);
  rmSync(dataDir, { recursive: true });
});
