import { middleEllipsis } from '#app/format.ts';
import { orderPath } from '#app/orders/paths.ts';
import { type EstateNames, systemName } from '#app/words/names.ts';
import { readCauses } from '#contracts/v1/stock-cause.ts';

/** The orders and messages behind a change of stock; only orders have a page. Pure. */
export const presentCauses = (text: string, names: EstateNames) =>
  readCauses(text).map(({ kind, id }) =>
    kind === 'order'
      ? { label: middleEllipsis(id, 22), title: `order ${id}`, path: orderPath(id) }
      : { label: middleEllipsis(id, 22), title: `${systemName(names, kind)}: ${id}`, path: '' },
  );
