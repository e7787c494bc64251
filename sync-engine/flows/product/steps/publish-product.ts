import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Product } from '#contracts/v1/catalogue.ts';
import type { ProductShown, VerbInput } from '../../../connectors/services.ts';
import { defineCall } from '../../flow.ts';
import { replacedBecause, toTell } from '../../versions.ts';
import {
  type ProductCall,
  type ProductData,
  type ProductEnv,
  productVersions,
  type ProductView,
} from '../product-data.ts';

/** Sets what the channel shows of the product and holds what it shows then against it: a difference is a case. */
export const publishProduct: ProductCall = {
  kind: 'call',
  name: 'publish_product',
  next: () => 'close',
  call: defineCall<ProductData, ProductEnv, 'publish_product'>({
    verb: 'publish_product',
    system: systemOf,
    skip: (view, env) =>
      env.offers(systemOf(view), 'publish_product')
        ? replacedBecause(productVersions, view, env)
        : 'The channel takes no products from us: it keeps its own.',
    input: async (view, env) => shownOf(await toTell(productVersions, view, env)),
    done: (_view, shown, told) => {
      const [first, ...rest] = differences(told, shown);
      if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
      const attributes = { title: told.title, compared: Object.keys(shown).join(', ') };
      return { status: 'completed', data: { told: true }, attributes };
    },
    without: { told: true },
  }),
};

function systemOf({ estate, state }: ProductView): string {
  const declared = estate.channels.find(({ id }) => id === state.dimensions.channel);
  if (declared === undefined)
    throw new Error(`the estate no longer declares the channel "${state.dimensions.channel}"`);
  return declared.system;
}

const shownOf = ({ sku, title, active, gtin }: Product) => ({
  sku,
  title,
  active,
  ...(gtin !== undefined && { gtin }),
});

const words = { title: 'title', active: 'state', gtin: 'GTIN' } as const;

/** What a channel shows otherwise than it was told; a channel answers only for what it lets be set. */
function differences(told: VerbInput<'publish_product'>, shown: ProductShown): CaseProblem[] {
  return (['title', 'active', 'gtin'] as const).flatMap((name) => {
    if (shown[name] === undefined || told[name] === undefined || shown[name] === told[name]) return [];
    const said = (value: string | boolean) =>
      typeof value === 'string' ? `“${value}”` : value ? 'active' : 'inactive';
    return [
      {
        error_class: 'conflict',
        error_code: 'product_mismatch',
        path: `/${name}`,
        document: 'received',
        message: `The channel was told the ${words[name]} ${said(told[name])} of ${told.sku} and shows ${said(shown[name])}. Find what changes products there, then replay: the product is set and compared again.`,
      } satisfies CaseProblem,
    ];
  });
}
