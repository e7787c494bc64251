import type { Estate } from '#contracts/v1/estate.ts';
import type { FlowState } from '../state.ts';
import type { ProductData, ProductEnv, ProductFlow } from './product-data.ts';
import { close } from './steps/close.ts';
import { publishProduct } from './steps/publish-product.ts';
import { validate } from './steps/validate.ts';

const steps = [validate, publishProduct, close];

/** product_sync: one version of one product in one channel, from the message that told it to what the channel shows. */
export const createProductFlow = (env: ProductEnv): ProductFlow => ({
  name: 'product_sync',
  steps: new Map(steps.map((step) => [step.name, step])),
  rereads: [validate.name],
  deadline,
  cancelled: 'cancelled',
  env,
});

/** A product is to be shown within the publication target, as stock is. */
function deadline({ phase, dimensions }: FlowState<ProductData>, estate: Estate): string {
  if (phase !== 'forward') return '';
  return new Date(Date.parse(dimensions.occurred_at) + estate.publication_target_s * 1000).toISOString();
}
