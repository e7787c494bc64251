import { z } from 'zod';
import type { System } from '#contracts/v1/estate.ts';
import type { Answer, PreparedCall } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { exactNumber, parseExactJson } from '#platform/exact-json.ts';
import { placeOf } from '../places.ts';
import type { ChannelServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { skuTerm } from './by-sku.ts';
import { inventoryItemsAnswer, setQuantitiesAnswer } from './contract.ts';
import { graphqlRefusal } from './refusal.ts';

type Item = Parameters<ChannelServices['publish_availability']['prepare']>[0]['items'][number];

const findItems = `query FindItems($query: String!) {
  inventoryItems(first: 250, query: $query) { nodes { id sku } }
}`;
const setQuantities = `mutation SetQuantities($input: InventorySetQuantitiesInput!) {
  inventorySetQuantities(input: $input) { inventoryAdjustmentGroup { id } userErrors { code field message } }
}`;

const sentBody = z.object({
  variables: z.object({ input: z.object({ quantities: z.array(z.unknown()) }) }),
});

/**
 * Publishes absolute available quantities. Shopify names inventory by its own item ids, which are looked up by SKU
 * first. A SKU the shop does not carry is left out and not counted as accepted. Setting the same absolute quantities
 * again changes nothing, so there is no look-up before a repeat; the batch key stands in Shopify's inventory history.
 */
export function publishAvailability(
  api: string,
  settings: System['settings'],
): ChannelServices['publish_availability'] {
  const path = `${api}/graphql.json`;
  return {
    name: 'publish_availability',
    before: ({ items }) => {
      const skus = [...new Set(items.map(({ sku }) => sku))];
      const query = skus.map(skuTerm).join(' OR ');
      return jsonCall('POST', path, { query: findItems, variables: { query } });
    },
    prepare({ batchKey, items }, looked) {
      if (looked === undefined) throw impossible('NOT_LOOKED_UP', 'The inventory items must be read first.');
      const ids = itemIds(looked);
      const quantities = items.flatMap((item) =>
        (ids.get(item.sku) ?? []).map((inventoryItemId) => ({
          inventoryItemId,
          locationId: locationId(item, settings),
          quantity: exactNumber(String(item.quantity)),
        })),
      );
      if (quantities.length === 0)
        throw impossible('UNKNOWN_ITEMS', `The shop carries none of ${items.map(({ sku }) => sku).join(', ')}.`);
      return jsonCall('POST', path, {
        query: setQuantities,
        variables: {
          input: {
            name: 'available',
            reason: 'correction',
            // Absolute quantities from the one who owns the stock: what the shop shows now does not matter.
            ignoreCompareQuantity: true,
            referenceDocumentUri: `gid://syncline/Publication/${encodeURIComponent(batchKey)}`,
            quantities,
          },
        },
      });
    },
    read(answer, { items }, call) {
      const error = graphqlRefusal(answer);
      if (error !== undefined) throw error;
      const { userErrors } = readBody(answer, setQuantitiesAnswer, "Shopify's answer").data.inventorySetQuantities;
      const first = userErrors[0];
      if (first !== undefined)
        throw new ConnectorError({
          errorClass: 'rejected',
          code: first.code ?? 'USER_ERROR',
          message: `Shopify: ${userErrors.map(({ field, message }) => `${(field ?? []).join('.')}: ${message}`).join('; ')}`,
          retryable: false,
          mayHaveHappened: false,
        });
      return { accepted: Math.min(sentQuantities(call), items.length) };
    },
  };
}

function sentQuantities(call: PreparedCall): number {
  return sentBody.parse(parseExactJson(call.body)).variables.input.quantities.length;
}

function itemIds(answer: Answer): Map<string, string[]> {
  const error = graphqlRefusal(answer);
  if (error !== undefined) throw error;
  const { nodes } = readBody(answer, inventoryItemsAnswer, "Shopify's inventory items").data.inventoryItems;
  const ids = new Map<string, string[]>();
  // Shopify's search also finds what only begins alike: the SKU is compared where it is used.
  for (const { id, sku } of nodes) if (sku != null) ids.set(sku, [...(ids.get(sku) ?? []), id]);
  return ids;
}

function locationId(item: Item, settings: System['settings']): string {
  const id = placeOf(settings, item.location);
  if (id === undefined)
    throw impossible(
      'UNKNOWN_LOCATION',
      `The estate file names no Shopify location for "${item.location}" (setting location.${item.location}).`,
    );
  return `gid://shopify/Location/${id}`;
}
