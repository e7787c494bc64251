import type { z } from 'zod';
import { ConnectorError, type Answer, type PreparedCall } from '../connector.ts';
import type { PriceServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { pricedVariantsAnswer, setPricesAnswer } from './contract.ts';
import { onlyVariant, skuTerm } from './by-sku.ts';
import { graphqlRefusal } from './refusal.ts';

const findVariants = `query FindVariants($query: String!) {
  productVariants(first: 50, query: $query) { nodes { id sku price compareAtPrice product { id } } }
}`;
const setPrices = `mutation SetPrices($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) { userErrors { code field message } }
}`;

type Variant = z.infer<typeof pricedVariantsAnswer>['data']['productVariants']['nodes'][number];

/**
 * Sets a variant's price and reads back what the shop shows. The same price again changes nothing, so there is no
 * look-up before a repeat. Prices are in the shop's currency: the channel of the estate names it.
 * Source: shopify.dev/docs/api/admin-graphql/latest/mutations/productVariantsBulkUpdate
 */
export function publishPrice(api: string): PriceServices['publish_price'] {
  const path = `${api}/graphql.json`;
  const look = (sku: string): PreparedCall =>
    jsonCall('POST', path, {
      query: findVariants,
      variables: { query: skuTerm(sku) },
    });
  return {
    name: 'publish_price',
    before: ({ sku }) => look(sku),
    prepare({ sku, amount, compareAt }, looked) {
      if (looked === undefined) throw impossible('NOT_LOOKED_UP', 'The variant must be read first.');
      const { id, product } = variantOf(looked, sku);
      return jsonCall('POST', path, {
        query: setPrices,
        variables: { productId: product.id, variants: [{ id, price: amount, compareAtPrice: compareAt ?? null }] },
      });
    },
    read(answer, { amount, compareAt }) {
      const error = graphqlRefusal(answer);
      if (error !== undefined) throw error;
      const { userErrors } = readBody(answer, setPricesAnswer, "Shopify's answer").data.productVariantsBulkUpdate;
      const first = userErrors[0];
      if (first !== undefined)
        throw new ConnectorError({
          errorClass: 'rejected',
          code: first.code ?? 'USER_ERROR',
          message: `Shopify: ${userErrors.map(({ field, message }) => `${(field ?? []).join('.')}: ${message}`).join('; ')}`,
          retryable: false,
          mayHaveHappened: false,
        });
      return shown(amount, compareAt);
    },
    after: {
      prepare: (_output, { sku }) => look(sku),
      read: (answer, _output, { sku }) => {
        const { price, compareAtPrice } = variantOf(answer, sku);
        return shown(price, compareAtPrice ?? undefined);
      },
    },
  };
}

const shown = (amount: string, compareAt: string | undefined) => ({
  amount,
  ...(compareAt === undefined ? {} : { compareAt }),
});

function variantOf(answer: Answer, sku: string): Variant {
  const error = graphqlRefusal(answer);
  if (error !== undefined) throw error;
  return onlyVariant(readBody(answer, pricedVariantsAnswer, "Shopify's variants").data.productVariants.nodes, sku);
}
