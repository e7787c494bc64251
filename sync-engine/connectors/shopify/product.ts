import type { z } from 'zod';
import { ConnectorError, type Answer, type PreparedCall } from '../connector.ts';
import type { ProductServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { productVariantsAnswer, setProductAnswer } from './contract.ts';
import { onlyVariant, skuTerm } from './by-sku.ts';
import { graphqlRefusal } from './refusal.ts';

const findProduct = `query FindProduct($query: String!) {
  productVariants(first: 50, query: $query) {
    nodes { id sku barcode product { id title status variantsCount { count } } }
  }
}`;
const setProduct = `mutation SetProduct($product: ProductUpdateInput!, $alone: Boolean!, $productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productUpdate(product: $product) @include(if: $alone) { userErrors { field message } }
  productVariantsBulkUpdate(productId: $productId, variants: $variants) { userErrors { code field message } }
}`;

type Variant = z.infer<typeof productVariantsAnswer>['data']['productVariants']['nodes'][number];

/**
 * Sets what a shop shows of a SKU and reads it back. Title and state belong to the product: they are set where the SKU is
 * its only variant, and left alone where several share it. The same again changes nothing, so nothing is looked up before
 * a repeat. Source: shopify.dev/docs/api/admin-graphql/latest/mutations/productUpdate and productVariantsBulkUpdate
 */
export function publishProduct(api: string): ProductServices['publish_product'] {
  const path = `${api}/graphql.json`;
  const look = (sku: string): PreparedCall =>
    jsonCall('POST', path, {
      query: findProduct,
      variables: { query: skuTerm(sku) },
    });
  return {
    name: 'publish_product',
    before: ({ sku }) => look(sku),
    prepare({ sku, title, active, gtin }, looked) {
      if (looked === undefined) throw impossible('NOT_LOOKED_UP', 'The product must be read first.');
      const { id, product } = variantOf(looked, sku);
      return jsonCall('POST', path, {
        query: setProduct,
        variables: {
          alone: isAlone(product),
          product: { id: product.id, title, status: active ? 'ACTIVE' : 'DRAFT' },
          productId: product.id,
          variants: [{ id, ...(gtin !== undefined && { barcode: gtin }) }],
        },
      });
    },
    read(answer, input) {
      const error = graphqlRefusal(answer);
      if (error !== undefined) throw error;
      const { productUpdate, productVariantsBulkUpdate } = readBody(answer, setProductAnswer, "Shopify's answer").data;
      const errors = [...(productUpdate?.userErrors ?? []), ...productVariantsBulkUpdate.userErrors];
      if (errors.length > 0)
        throw new ConnectorError({
          errorClass: 'rejected',
          code: 'USER_ERROR',
          message: `Shopify: ${errors.map(({ field, message }) => `${(field ?? []).join('.')}: ${message}`).join('; ')}`,
          ...(errors.some(({ field }) => field?.includes('title') === true) && { path: '/title' }),
          retryable: false,
          mayHaveHappened: false,
        });
      return { title: input.title, active: input.active };
    },
    after: {
      prepare: (_output, { sku }) => look(sku),
      read: (answer, _output, { sku }) => {
        const { barcode, product } = variantOf(answer, sku);
        return {
          ...(isAlone(product) && { title: product.title, active: product.status === 'ACTIVE' }),
          gtin: barcode ?? '',
        };
      },
    },
  };
}

const isAlone = ({ variantsCount }: Variant['product']): boolean => variantsCount.count === 1;

function variantOf(answer: Answer, sku: string): Variant {
  const error = graphqlRefusal(answer);
  if (error !== undefined) throw error;
  return onlyVariant(readBody(answer, productVariantsAnswer, "Shopify's variants").data.productVariants.nodes, sku);
}
