import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Product } from '#contracts/v1/catalogue.ts';
import type { Order } from '#contracts/v1/order.ts';

/** Is every SKU known to the item master and active? */
export function checkItems(order: Order, product: (sku: string) => Pick<Product, 'active'> | undefined): CaseProblem[] {
  return order.lines.flatMap((line, i): CaseProblem[] => {
    const found = product(line.sku);
    const at = { error_class: 'reference', path: `/lines/${i}/sku`, document: 'canonical' } as const;
    if (found === undefined)
      return [
        {
          ...at,
          error_code: 'unknown_sku',
          message: `The SKU ${line.sku} ("${line.title}") is not in the item master.`,
          missing_mapping: { kind: 'sku', system: order.system, code: line.sku },
        },
      ];
    if (found.active) return [];
    return [
      {
        ...at,
        error_code: 'inactive_sku',
        message: `The SKU ${line.sku} ("${line.title}") is inactive in the item master and may not be sold.`,
      },
    ];
  });
}
