import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';

export interface TaxMapping {
  /** Channel tax code → the ERP's, for every code that is mapped. */
  taxCodes: Record<string, string>;
  /** One for each code that is not mapped, at the first place it stands. */
  problems: CaseProblem[];
}

/**
 * Maps every tax code of the order to the ERP's.
 * @param erp estate id of the ERP, whose vocabulary the targets are in.
 */
export function mapTaxCodes(order: Order, erp: string, target: (code: string) => string | undefined): TaxMapping {
  const taxCodes: Record<string, string> = {};
  const problems: CaseProblem[] = [];
  const unmapped = new Set<string>();
  for (const { code, path } of taxPlaces(order)) {
    if (Object.hasOwn(taxCodes, code) || unmapped.has(code)) continue;
    const mapped = target(code);
    if (mapped !== undefined) {
      // A tax may be called "__proto__" by whoever sends it: then it must not become the record's prototype.
      Object.defineProperty(taxCodes, code, { value: mapped, enumerable: true });
      continue;
    }
    unmapped.add(code);
    problems.push({
      error_class: 'mapping',
      error_code: 'unmapped_tax_code',
      path,
      document: 'canonical',
      message: `The tax "${code}" has no tax code in ${erp}. Map it, then replay the order.`,
      missing_mapping: { kind: 'tax_code', system: erp, code },
    });
  }
  return { taxCodes, problems };
}

/** Every tax of the order with its place in it. */
export function taxPlaces(order: Order): { code: string; path: string }[] {
  const of = (list: 'lines' | 'shipping') =>
    order[list].flatMap((charge, i) =>
      charge.taxes.map((tax, j) => ({ code: tax.code, path: `/${list}/${i}/taxes/${j}/code` })),
    );
  return [...of('lines'), ...of('shipping')];
}
