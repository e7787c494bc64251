import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Product } from '#contracts/v1/catalogue.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ProductShown, VerbName } from '../../connectors/services.ts';
import { readMasterMessage } from '../../master/apply.ts';
import type { MasterData } from '../../master/master-data.ts';
import { type CallStep, defineCall, type Flow, type InlineStep, type View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { FlowState } from '../state.ts';

/** Outputs of product_sync so far. */
export interface ProductData extends MessageData {
  /** Absent until the message is understood. */
  product?: Product;
}

export interface ProductEnv extends MessageEnv {
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  master: Pick<MasterData, 'product'>;
}

export type ProductFlow = Flow<ProductData, ProductEnv>;

/** Understands the message; a version that a newer one has replaced is not published any more. */
const validate: InlineStep<ProductData, ProductEnv> = {
  kind: 'inline',
  name: 'validate',
  ofMessage: true,
  next: () => 'publish_product',
  run: async (view, { messages, master }) => {
    const { headers, body } = await messages.read(view.data);
    const change = readMasterMessage(headers, Buffer.from(body).toString());
    if (change.kind !== 'product') throw new Error(`message ${view.data.intake_seq} is no product`);
    const product = change.value;
    const known = master.product(product.sku);
    if (known !== undefined && known.updated_at > product.updated_at)
      return {
        status: 'superseded',
        attributes: { reason: `The product was changed again at ${known.updated_at}.` },
        finish: true,
      };
    return { status: 'completed', data: { product }, attributes: { title: product.title } };
  },
};

/** Sets what the channel shows of the product and holds what it shows then against it: a difference is a case. */
const publishProduct: CallStep<ProductData, ProductEnv> = {
  kind: 'call',
  name: 'publish_product',
  next: () => 'close',
  call: defineCall<ProductData, ProductEnv, 'publish_product'>({
    verb: 'publish_product',
    system: systemOf,
    skip: (view, { offers, master }) => {
      if (!offers(systemOf(view), 'publish_product')) return 'The channel takes no products from us: it keeps its own.';
      const { sku, updated_at } = productOf(view);
      const known = master.product(sku)?.updated_at ?? updated_at;
      return known > updated_at ? `The product was changed again at ${known}.` : undefined;
    },
    input: (view) => Promise.resolve(wanted(productOf(view))),
    done: (view, shown) => {
      const product = wanted(productOf(view));
      const [first, ...rest] = differences(product, shown);
      if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
      return { status: 'completed', attributes: { compared: Object.keys(shown).join(', ') } };
    },
  }),
};

/** The channel shows what it is to show. */
const close: InlineStep<ProductData, ProductEnv> = {
  kind: 'inline',
  name: 'close',
  next: () => 'close',
  run: () => ({ status: 'completed', finish: true }),
};

const steps = [validate, publishProduct, close];

/** product_sync: one version of one product in one channel, from the message that told it to what the channel shows. */
export const createProductFlow = (env: ProductEnv): ProductFlow => ({
  name: 'product_sync',
  steps: new Map(steps.map((step) => [step.name, step])),
  deadline,
  cancelled: 'cancelled',
  env,
});

/** A product is to be shown within the publication target, as stock is. */
function deadline({ phase, dimensions }: FlowState<ProductData>, estate: Estate): string {
  if (phase !== 'forward') return '';
  return new Date(Date.parse(dimensions.occurred_at) + estate.publication_target_s * 1000).toISOString();
}

/** @throws before the message is understood. */
function productOf({ key, data }: View<ProductData>): Product {
  if (data.product === undefined) throw new Error(`product ${key} is not understood yet`);
  return data.product;
}

function systemOf({ estate, state }: View<ProductData>): string {
  const declared = estate.channels.find(({ id }) => id === state.dimensions.channel);
  if (declared === undefined)
    throw new Error(`the estate no longer declares the channel "${state.dimensions.channel}"`);
  return declared.system;
}

const wanted = ({ sku, title, active, gtin }: Product) => ({ sku, title, active, ...(gtin !== undefined && { gtin }) });

const words = { title: 'title', active: 'state', gtin: 'GTIN' } as const;

/** What a channel shows otherwise than it was told; a channel answers only for what it lets be set. */
export function differences(told: ReturnType<typeof wanted>, shown: ProductShown): CaseProblem[] {
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
