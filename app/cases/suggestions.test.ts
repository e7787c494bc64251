import { describe, expect, it } from 'vitest';
import { applyRepairs } from '#app/payloads/apply-repair.ts';
import { repairWords, suggestRepairs, type Cure } from './suggestions.ts';

const order = (taxes: string, email = 'a@b.example') =>
  `{\n  "id": 820982911946154508,\n  "email": "${email}",\n  "line_items": [\n    { "tax": "${taxes}", "price": 1.50 },\n    { "tax": "${taxes}", "price": 2.00 }\n  ]\n}`;
const cure = (from: string, to: string): Cure => ({ arrived: from, cured: to });

describe('what cured this cause before', () => {
  it('is suggested where it fits, what cured most first, wherever in a list it is', () => {
    const [best, second, ...more] = suggestRepairs(
      [
        cure(order('TX-9'), order('43')),
        cure(order('TX-9'), order('42')),
        cure(order('TX-9', 'c@d.example'), order('42', 'c@d.example')),
        cure(order('TX-8'), order('41')),
      ],
      order('TX-9', 'x@y.example'),
    );
    expect(best).toEqual({ cured: 2, repairs: [{ path: '/line_items/*/tax', was: '"TX-9"', value: '"42"' }] });
    expect(second?.cured).toBe(1);
    expect(more).toEqual([]);
    expect(best?.repairs.map(repairWords)).toEqual(['line_items › tax: replace “TX-9” with “42”']);
    expect(applyRepairs(order('TX-9'), best?.repairs ?? [])).toBe(order('42'));
  });

  it('never carries personal data, nor anything else than single values, to another order', () => {
    const payload = order('TX-9');
    expect(suggestRepairs([cure(order('TX-9', 'a@b.example'), order('42', 'z@b.example'))], payload)).toEqual([]);
    expect(suggestRepairs([cure(payload, '{"line_items":[]}')], payload)).toEqual([]);
    expect(suggestRepairs([cure('ISA*1', 'ISA*2')], 'ISA*1')).toEqual([]);
    const twoFates = order('TX-9').replace('TX-9', '42').replace('TX-9', '43');
    expect(suggestRepairs([cure(order('TX-9'), twoFates)], payload)).toEqual([]);
  });

  it('adds and takes away fields, with every digit and the layout kept', () => {
    const text = '{\n  "lines": [\n    { "sku": "A" },\n    { "sku": "B", "rate": 1 }\n  ]\n}';
    const withRate = applyRepairs(text, [{ path: '/lines/*/rate', was: undefined, value: '0.10' }]);
    expect(withRate).toContain('"rate": 0.10');
    expect(JSON.parse(withRate)).toEqual({
      lines: [
        { sku: 'A', rate: 0.1 },
        { sku: 'B', rate: 1 },
      ],
    });
    const without = applyRepairs(text, [{ path: '/lines/*/rate', was: '1', value: undefined }]);
    expect(JSON.parse(without)).toEqual({ lines: [{ sku: 'A' }, { sku: 'B' }] });
    expect(applyRepairs(text, [{ path: '/lines/*/sku', was: '"C"', value: '"D"' }])).toBe(text);
    expect(applyRepairs('not json', [{ path: '/a', was: '1', value: '2' }])).toBe('not json');
  });
});
