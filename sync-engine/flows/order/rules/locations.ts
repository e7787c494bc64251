import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';

/** Can the order be fulfilled from where it says, and shipped to where it says? */
export function checkLocations(order: Order, estate: Pick<Estate, 'locations'>): CaseProblem[] {
  const { kind, location } = order.fulfilment;
  if (location !== undefined && !estate.locations.some(({ id }) => id === location))
    return [
      problem(
        'reference',
        'unknown_location',
        '/fulfilment/location',
        `The location "${location}" is not in the estate.`,
        {
          kind: 'location',
          system: order.system,
          code: location,
        },
      ),
    ];
  if (kind !== 'ship' && location === undefined)
    return [
      problem(
        'reference',
        'missing_location',
        '/fulfilment/location',
        kind === 'click_and_collect'
          ? 'The order is collected, but does not say from which store.'
          : 'The order ships from a store, but does not say from which.',
      ),
    ];
  const ships = kind !== 'click_and_collect' && order.lines.some((line) => line.requires_shipping);
  if (ships && order.shipping_address === undefined)
    return [
      problem(
        'validation',
        'missing_address',
        '/shipping_address',
        'Goods are to be shipped, but there is no shipping address.',
      ),
    ];
  return [];
}

function problem(
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
  missing?: CaseProblem['missing_mapping'],
): CaseProblem {
  return {
    error_class,
    error_code,
    path,
    document: 'canonical',
    message,
    ...(missing === undefined ? {} : { missing_mapping: missing }),
  };
}
